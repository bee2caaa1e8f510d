namespace RxVerify.Tests.Traffic;

/// <summary>Beginnings of packets, as short as the headers they are about.</summary>
internal static class Frames
{
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Icmp = 1;

    /// <summary>An Ethernet frame around an IP packet, with VLAN tags as (EtherType of the tag) in between.</summary>
    public static byte[] Ethernet(byte[] packet, params int[] tags) =>
        [.. new byte[12], .. tags.SelectMany(tag => Word(tag).Concat(Word(7))), .. Word(EtherType(packet)), .. packet];

    public static byte[] IPv4(byte protocol) => [0x45, 0, 0, 20, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];

    /// <summary>An IPv6 header; the rest begins with whatever its next header names.</summary>
    public static byte[] IPv6(byte next, params byte[] rest) => [0x60, 0, 0, 0, 0, 0, next, 64, .. new byte[32], .. rest];

    /// <summary>Linux cooked version 1: the EtherType ends the 16 bytes.</summary>
    public static byte[] Cooked1(byte[] packet) => [.. new byte[14], .. Word(EtherType(packet)), .. packet];

    /// <summary>Linux cooked version 2: the EtherType begins the 20 bytes.</summary>
    public static byte[] Cooked2(byte[] packet) => [.. Word(EtherType(packet)), .. new byte[18], .. packet];

    /// <summary>Linux cooked version 2 of a tagged packet: the tag follows the 20 bytes.</summary>
    public static byte[] Cooked2Tagged(byte[] packet) => [0x81, 0, .. new byte[18], 0, 7, .. Word(EtherType(packet)), .. packet];

    private static int EtherType(byte[] packet) => packet[0] >> 4 == 4 ? 0x0800 : 0x86DD;

    private static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];
}
