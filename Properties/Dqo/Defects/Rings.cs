using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo.Defects;

// Mistakes with rings, doorbells, ids and lengths (A.5.2, A.5.5, A.5.7).

/// <summary>F-A11, A-D2: the id one past the last is accepted. As published; fixed by ecd89c02da85 (D-2).</summary>
public readonly struct AcceptsOneIdTooMany : IDqoRules
{
    static bool IDqoRules.IdExists(int id, int states) => id <= states;
}

/// <summary>F-A12: a completion for a buffer that is not posted is taken for real.</summary>
public readonly struct AcceptsUnpostedBuffers : IDqoRules
{
    static bool IDqoRules.RefusesUnposted => false;
}

/// <summary>F-A13: the generation never flips. Compare libwx d992ed7e1b68 (D-109).</summary>
public readonly struct NeverFlipsGeneration : IDqoRules
{
    static bool IDqoRules.FlipsGeneration(int nextHead, int mask) => false;
}

/// <summary>F-A13: the generation flips one completion too early.</summary>
public readonly struct FlipsGenerationEarly : IDqoRules
{
    static bool IDqoRules.FlipsGeneration(int nextHead, int mask) => nextHead == mask;
}

/// <summary>F-A14: the fields of a completion are read before its generation. Compare bnxt_en 828affc27ed4 (D-74).</summary>
public readonly struct ReadsFieldsFirst : IDqoRules
{
    static bool IDqoRules.ReadsGenerationFirst => false;
}

/// <summary>F-A15: more buffers are posted than there are completion slots.</summary>
public readonly struct IgnoresCompletionSlots : IDqoRules
{
    static bool IDqoRules.HeedsCompletionSlots => false;
}

/// <summary>F-A16: the slot that tells full from empty is used. Compare stmmac 0bb05e6adfa9 (D-105).</summary>
public readonly struct FillsTheLastSlot : IDqoRules
{
    static int IDqoRules.UsableSlots(int mask) => mask + 1;
}

/// <summary>F-A17, A-D10: a queue below a doorbell batch waits for ever. As published; fixed by b65352a1bac6 (D-6).</summary>
public readonly struct WaitsForAFullBatch : IDqoRules
{
    static bool IDqoRules.RetriesWhenStarved => false;
}

/// <summary>A-D8: a completion without a buffer returns a slot. As published; no fix found.</summary>
public readonly struct UnknownBufferReturnsSlots : IDqoRules
{
    static bool IDqoRules.UnknownBufferReturnsSlots => true;
}

/// <summary>A-D9: failed completions cost nothing of the budget. As published; no fix found.</summary>
public readonly struct FailuresAreFree : IDqoRules
{
    static bool IDqoRules.ChargesFailures => false;
}

/// <summary>A-D13: a length above the chunk is trusted. As published; compare mana 2e2a83b4998a (D-13).</summary>
public readonly struct TrustsLength : IDqoRules
{
    static bool IDqoRules.ChecksLength => false;
}

/// <summary>A-D3: the bus address of a buffer is prefetched. As published; fixed by 1bfa4d0cb5ad (D-3).</summary>
public readonly struct PrefetchesBusAddress : IDqoRules
{
    static bool IDqoRules.PrefetchesBusAddress => true;
}

/// <summary>A.5.5.4: only what a header needs is synced for the processor. Compare mana c72a0f09c57f (D-12), which never synced.</summary>
public readonly struct SyncsHeaderOnly : IDqoRules
{
    private const int HeaderBytes = 64;

    static int IDqoRules.BytesToSync(int length) => Math.Min(length, HeaderBytes);
}
