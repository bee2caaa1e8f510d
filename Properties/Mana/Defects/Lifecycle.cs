using RxVerify.Implementation.Mana;

namespace RxVerify.Properties.Mana.Defects;

// Mistakes with creation and teardown (B.4.6, B.4.7), and the driver as published.

/// <summary>F-B3, B.7.1: teardown goes by the layout alone. As in revision v3 of the patch.</summary>
public readonly struct TearsDownByLayout : IManaRules
{
    static bool IManaRules.UnmapsAtTeardown(bool isWholePage, bool isFromPool) => isWholePage;

    static bool IManaRules.ReturnsToPoolAtTeardown(bool isWholePage, bool isFromPool) => isFromPool || !isWholePage;
}

/// <summary>F-B22, B.7 #8: a failed creation undoes what was never done, and some of it twice. As published; fixed by 3985c9a56da4, e9e334f8063a, 2a1c69118282.</summary>
public readonly struct UndoesTooMuch : IManaRules
{
    static bool IManaRules.UndoesWhatWasDone => false;
}

/// <summary>F-B25: the pool is destroyed before the buffers are given back to it.</summary>
public readonly struct DestroysPoolFirst : IManaRules
{
    static bool IManaRules.GivesBuffersBackFirst => false;
}

/// <summary>The driver as published in 2025 (730ff06d3f5c), with all its mistakes on the data path together: B.7 #2 to #6, #8, #12, #13.</summary>
public readonly struct AsPublished2025 : IManaRules
{
    static bool IManaRules.SyncsFragments => false;

    static bool IManaRules.ChecksLength => false;

    static int IManaRules.BytesToCharge(int asked, int allocated) => asked;

    static int IManaRules.BytesToChargeForForeignPage(int fragment, int page) => fragment;

    static bool IManaRules.SavesDroppedPage(bool isWholePage) => true;

    static bool IManaRules.UndoesWhatWasDone => false;

    static bool IManaRules.RepostsAfterNoLength => false;

    static bool IManaRules.RepostsAfterUnknownType => false;

    static bool IManaRules.GoesOnAfterForeignCompletion => false;

    static bool IManaRules.CopiesForeignPageToRedirect => false;
}
