using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo.Defects;

// Mistakes in counting references and in keeping pages (A.4.7 to A.4.9).

/// <summary>F-A8: giving up a page also drops a reference that is the stack's.</summary>
public readonly struct DiscardTakesAReference : IDqoRules
{
    static int IDqoRules.ReferencesToReturn(int bias) => bias;
}

/// <summary>F-A9: a discarded buffer state is free and keeps its page.</summary>
public readonly struct DiscardKeepsPage : IDqoRules
{
    static bool IDqoRules.DiscardFreesPage => false;
}

/// <summary>F-A10: replenishing adds the limit instead of what is missing to it.</summary>
public readonly struct ReplenishesTooMuch : IDqoRules
{
    static int IDqoRules.ReferencesToAdd(int limit, int count) => limit;
}

/// <summary>F-A18, A-D1: a page that could not be mapped is freed and stays attached. As published; no fix found (D-10).</summary>
public readonly struct KeepsUnmappedPage : IDqoRules
{
    static bool IDqoRules.ForgetsUnmappedPage => false;
}

/// <summary>F-A23: a buffer state gets the page its neighbour has already.</summary>
public readonly struct SharesNeighboursPage : IDqoRules
{
    static int IDqoRules.PageFor(int allocated, int neighbours) => neighbours;
}

/// <summary>F-A26: the bias is replenished only after the packet was handed up, when the stack may have freed it already.</summary>
public readonly struct ReplenishesAfterHandUp : IDqoRules
{
    static bool IDqoRules.ReplenishesBeforeHandUp => false;
}

/// <summary>A.4.7.2: a state goes on posting the bus address of the page it had before. Compare libwx 5fd77cc6bd9b (D-108).</summary>
public readonly struct PostsOldAddress : IDqoRules
{
    static ulong IDqoRules.AddressFor(ulong mapped, ulong before) => before == 0 ? mapped : before;
}

/// <summary>A.5.1.4: a discard unmaps the page, and so does freeing it (A.4.8).</summary>
public readonly struct UnmapsTwice : IDqoRules
{
    static bool IDqoRules.DiscardUnmaps => true;
}

/// <summary>A-D6: refilling asks for a page in a way that may sleep. As published; fixed by 8ccac4edc8da (D-1).</summary>
public readonly struct AllocatesSleeping : IDqoRules
{
    static bool IDqoRules.AllocatesSleeping => true;
}

/// <summary>F-A22: teardown frees the pages before the device is stopped. Compare lan966x 59c3d55a946c (D-87).</summary>
public readonly struct FreesPagesFirst : IDqoRules
{
    static bool IDqoRules.StopsDeviceFirst => false;
}
