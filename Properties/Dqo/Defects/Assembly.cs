using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo.Defects;

// Mistakes with the packet under assembly (A.5.4, A.5.7).

/// <summary>F-A19: the packet under assembly is forgotten when a completion fails. Compare airoha 285fa6b1e03c (D-111).</summary>
public readonly struct ForgetsPartialPacket : IDqoRules
{
    static bool IDqoRules.FreesPartialPacket => false;
}

/// <summary>F-A19, A-D5: the NAPI keeps an skb that was freed. As published; fixed by 6f4d93b78ade (D-5).</summary>
public readonly struct NapiKeepsFreedSkb : IDqoRules
{
    static bool IDqoRules.ClearsNapiSkb => false;
}

/// <summary>F-A20, A-D7: the rest of a failed packet starts a new one. As published; no fix found.</summary>
public readonly struct RestStartsNewPacket : IDqoRules
{
    static bool IDqoRules.DropsRestOfPacket => false;
}

/// <summary>A.5.7.1.8: a packet that cannot be what the device says is freed, and no statistic tells.</summary>
public readonly struct DropsUncounted : IDqoRules
{
    static bool IDqoRules.CountsRefusedPackets => false;
}

/// <summary>A-D4: the extra skbs of a long packet hang on each other. As published; fixed by 817c7cd2043a (D-4).</summary>
public readonly struct NestsExtraSkbs : IDqoRules
{
    static bool IDqoRules.NestsExtraSkbs => true;
}

/// <summary>
/// The receive path as merged in 9b8dd5e5 ("gve: DQO: Add RX path", 2021): the published behaviours A-D1 to A-D10, and the
/// trusted length A-D13, together.
/// </summary>
public readonly struct AsPublished2021 : IDqoRules
{
    static bool IDqoRules.ForgetsUnmappedPage => false;

    static bool IDqoRules.IdExists(int id, int states) => id <= states;

    static bool IDqoRules.PrefetchesBusAddress => true;

    static bool IDqoRules.NestsExtraSkbs => true;

    static bool IDqoRules.ClearsNapiSkb => false;

    static bool IDqoRules.AllocatesSleeping => true;

    static bool IDqoRules.DropsRestOfPacket => false;

    static bool IDqoRules.UnknownBufferReturnsSlots => true;

    static bool IDqoRules.ChargesFailures => false;

    static bool IDqoRules.RetriesWhenStarved => false;

    static bool IDqoRules.ChecksLength => false;
}
