using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

/// <summary>What the device says about a packet besides its length, byte for byte (B.1; docs/mana.md, Device).</summary>
public sealed class GdmaTraitTests
{
    [Theory]
    [InlineData(ManaTraits.None, "0000020a")] // hash type 2; bits 25 and 27: IP and TCP good
    [InlineData(ManaTraits.Udp, "00000422")] // hash type 4; bits 25 and 29: IP and UDP good
    [InlineData(ManaTraits.NoHash, "0000000a")]
    [InlineData(ManaTraits.IpChecksumBad, "0000020c")] // bits 26 and 27
    [InlineData(ManaTraits.L4ChecksumBad, "00000212")] // bits 25 and 28
    [InlineData(ManaTraits.L4ChecksumBad | ManaTraits.Udp, "00000442")] // bits 25 and 30
    [InlineData(ManaTraits.IpUnchecked | ManaTraits.IpChecksumBad, "00000208")] // bit 27 alone
    [InlineData(ManaTraits.L4Unchecked | ManaTraits.L4ChecksumBad, "00000202")] // bit 25 alone
    [InlineData(ManaTraits.All, "00000000")]
    public void Traits_are_bits_of_the_completion_and_a_checksum_that_was_not_looked_at_is_neither_good_nor_bad(ManaTraits traits, string flags)
    {
        using var bench = new DeviceBench();
        bench.Post(1);
        bench.Device.Receive(60, traits);
        Assert.Equal(flags, Convert.ToHexStringLower(bench.RawAt(0)[4..8]));
    }
}
