using RxVerify.Implementation.Mana;

namespace RxVerify.Properties.Mana.Defects;

// Mistakes with what the device reports (B.4.3).

/// <summary>B.7 #2: fragments are read without a sync. As published; fixed by c72a0f09c57f.</summary>
public readonly struct ReadsUnsyncedFragments : IManaRules
{
    static bool IManaRules.SyncsFragments => false;
}

/// <summary>B.7 #3: the reported length is trusted. As published; fixed by 2e2a83b4998a.</summary>
public readonly struct TrustsReportedLength : IManaRules
{
    static bool IManaRules.ChecksLength => false;
}

/// <summary>F-B7, B.7 #12: the slot of a completion without a length is not posted again. As published.</summary>
public readonly struct ForgetsSlotWithoutLength : IManaRules
{
    static bool IManaRules.RepostsAfterNoLength => false;
}

/// <summary>B.7 #12: the slot of a completion of a type that was not asked for is not posted again. As published.</summary>
public readonly struct ForgetsSlotOfUnknownType : IManaRules
{
    static bool IManaRules.RepostsAfterUnknownType => false;
}

/// <summary>B.4.3: a completion of another queue ends the batch, whose other completions are lost. As published; no fix found.</summary>
public readonly struct DropsBatch : IManaRules
{
    static bool IManaRules.GoesOnAfterForeignCompletion => false;
}
