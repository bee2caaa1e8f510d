using System.Runtime.InteropServices;

namespace RxVerify.Properties.Recordings;

/// <summary>The event that brought a page in.</summary>
internal struct HeldPage
{
    /// <summary>Index of the life that holds it.</summary>
    public int Life;

    /// <summary>How often events had been lost by then.</summary>
    public int Epoch;

    public long Line;

    public long Time;

    /// <summary>The descriptor's address as printed.</summary>
    public ulong Page;

    public uint Hold;

    public int Processor;

    public int Task;

    public int Process;
}

/// <summary>The pages that pools hold, by what tells pages apart.</summary>
internal sealed class HeldPages
{
    private readonly Dictionary<ulong, HeldPage> _pages = [];

    /// <summary>All of them.</summary>
    public IEnumerable<KeyValuePair<ulong, HeldPage>> All => _pages;

    /// <summary>The place of a page, new or not.</summary>
    public ref HeldPage Place(ulong identity, out bool isHeld) => ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, identity, out isHeld);

    /// <summary>Takes a page out. False when nobody held it.</summary>
    public bool Remove(ulong identity, out HeldPage page) => _pages.Remove(identity, out page);

    /// <summary>Puts a page back that should not have been taken out.</summary>
    public void PutBack(ulong identity, in HeldPage page) => _pages[identity] = page;
}
