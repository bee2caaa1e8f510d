using System.Buffers.Binary;

namespace RxVerify.Properties.Traffic;

/// <summary>Reads numbers in the byte order of the machine that wrote a capture.</summary>
internal readonly record struct ByteOrder(bool IsBigEndian)
{
    public static ByteOrder Little { get; }

    public static ByteOrder Big { get; } = new(IsBigEndian: true);

    public ushort U16(ReadOnlySpan<byte> bytes, int at) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    public uint U32(ReadOnlySpan<byte> bytes, int at) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    public long I64(ReadOnlySpan<byte> bytes, int at) =>
        IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes[at..]) : BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
