using RxVerify.Implementation.Mana;

namespace RxVerify.Properties.Mana.Defects;

// Mistakes with what becomes of a buffer (B.4.4, B.4.5).

/// <summary>F-B8: a dropped fragment gives back its whole page.</summary>
public readonly struct DropsWholePage : IManaRules
{
    static bool IManaRules.DropsFragmentAlone => false;
}

/// <summary>F-B9: a dropped page that is not the pool's goes there.</summary>
public readonly struct DropsForeignPageToPool : IManaRules
{
    static bool IManaRules.DropsToPool(bool isFromPool) => true;
}

/// <summary>F-B10, B.7 #6: a dropped page is saved where nobody looks for it. As published; no fix found.</summary>
public readonly struct SavesPageForNobody : IManaRules
{
    static bool IManaRules.SavesDroppedPage(bool isWholePage) => true;
}

/// <summary>F-B11: a redirected buffer is dropped too.</summary>
public readonly struct DropsRedirected : IManaRules
{
    static bool IManaRules.LeavesRedirected => false;
}

/// <summary>F-B12: a buffer that could not be redirected is forgotten.</summary>
public readonly struct ForgetsFailedRedirect : IManaRules
{
    static bool IManaRules.DropsAfterFailedRedirect => false;
}

/// <summary>F-B13: the skb is built before the program runs, and forgotten unless it passes.</summary>
public readonly struct BuildsSkbTooEarly : IManaRules
{
    static bool IManaRules.BuildsSkbAfterVerdict => false;
}

/// <summary>F-B14: no skb is marked for recycling.</summary>
public readonly struct NeverMarksForRecycling : IManaRules
{
    static bool IManaRules.MarksForRecycling(bool isFromPool) => false;
}

/// <summary>F-B15: every skb is marked for recycling; the signature test tells the pool's pages from others.</summary>
public readonly struct MarksEverything : IManaRules
{
    static bool IManaRules.MarksForRecycling(bool isFromPool) => true;
}

/// <summary>F-B16, B.7 #13: a page that is not the pool's is redirected as if it were. As published; no fix found.</summary>
public readonly struct RedirectsForeignPage : IManaRules
{
    static bool IManaRules.CopiesForeignPageToRedirect => false;
}

/// <summary>F-B26: a buffer that is sent back is freed before the transmission completes.</summary>
public readonly struct FreesBeforeTransmitted : IManaRules
{
    static bool IManaRules.KeepsUntilTransmitted => false;
}
