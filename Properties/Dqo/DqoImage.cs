using System.Runtime.InteropServices;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// What the claims about lists, loans and pages speak of, as it was when they were last decided. These claims are functions of
/// what is compared here and of nothing else, so where every byte is the same they hold as they held before; four steps in five
/// leave the driver's states alone.
/// </summary>
/// <remarks>
/// What the driver writes (states, list heads, ring) and the page table are compared byte for byte. Of what the emulation alone
/// writes, counters stand for more: a page's bytes are taken and let go only together with two counts of its page-table entry,
/// and the device takes a buffer only with a completion it logs, and sees one more only by counting it.
/// </remarks>
internal sealed class DqoImage
{
    private readonly DqoQueue _queue;
    private readonly DqoDevice _device;
    private readonly PhysicalMemory _memory;
    private readonly PostDescriptor[] _ring;
    private BufferState[] _states;
    private BufferState[] _statesBefore;
    private int[] _holds;
    private int[] _holdsBefore;
    private byte[] _pages = [];
    private Heads _heads;
    private Loans _loans;

    public DqoImage(DqoWorld world)
    {
        _queue = world.Queue;
        _device = world.Device;
        _memory = world.Memory;
        int states = world.Configuration.BufferStates;
        _ring = new PostDescriptor[world.Configuration.BufferSlots];
        _states = new BufferState[states];
        _statesBefore = new BufferState[states];
        _holds = new int[states];
        _holdsBefore = new int[states];
    }

    /// <summary>Whether the last look found other buffer states than the one before.</summary>
    public bool StatesChanged { get; private set; }

    /// <summary>Whether it found other states or list heads.</summary>
    public bool ListsChanged { get; private set; }

    /// <summary>Whether it found another page table, or other states on its pages.</summary>
    public bool PagesChanged { get; private set; }

    /// <summary>Whether it found any of the above changed, or other posted buffers.</summary>
    public bool LoansChanged { get; private set; }

    /// <summary>The states as the look before the last one found them; meaningful when <see cref="StatesChanged"/>.</summary>
    public ReadOnlySpan<BufferState> StatesBefore => _statesBefore;

    /// <summary>References ever given to readers on the page of each of them.</summary>
    public ReadOnlySpan<int> HoldsBefore => _holdsBefore;

    /// <summary>Compares the world with the image, and makes it the image.</summary>
    public void Look()
    {
        var states = _queue.States;
        StatesChanged = !IsSame(states, _states);
        if (StatesChanged)
        {
            (_states, _statesBefore) = (_statesBefore, _states);
            states.CopyTo(_states);
        }

        var heads = new Heads(_queue.FreeTop, _queue.RecycledHead, _queue.UsedHead);
        ListsChanged = StatesChanged || heads != _heads;
        _heads = heads;

        var pages = _memory.PageTable;
        bool tableChanged = !pages.SequenceEqual(_pages);
        PagesChanged = StatesChanged || tableChanged;
        if (PagesChanged)
        {
            KeepPages(pages, tableChanged);
        }

        LookAtLoans();
    }

    private void LookAtLoans()
    {
        var loans = new Loans(_device.Written, _device.Visible, _device.Fetched, _queue.BufferTail);
        bool hidesSome = loans.Fetched != loans.Tail;
        LoansChanged = ListsChanged || PagesChanged || loans != _loans || (hidesSome && !IsSame(Ring, _ring));
        _loans = loans;
        if (LoansChanged && hidesSome)
        {
            Ring.CopyTo(_ring);
        }
    }

    private unsafe ReadOnlySpan<PostDescriptor> Ring => new(_queue.PostRing, _ring.Length);

    private void KeepPages(ReadOnlySpan<byte> pages, bool tableChanged)
    {
        if (tableChanged)
        {
            if (pages.Length != _pages.Length)
            {
                _pages = new byte[pages.Length];
            }

            pages.CopyTo(_pages);
        }

        (_holds, _holdsBefore) = (_holdsBefore, _holds);
        var holds = _holds;
        var states = _states;
        for (int id = 0; id < states.Length; id++)
        {
            holds[id] = states[id].HasPage ? _memory.HoldsEver(states[id].Frame) : 0;
        }
    }

    private static bool IsSame<T>(ReadOnlySpan<T> now, T[] before)
        where T : unmanaged => MemoryMarshal.AsBytes(now).SequenceEqual(MemoryMarshal.AsBytes<T>(before));

    private readonly record struct Heads(int Free, int Recycled, int Used);

    private readonly record struct Loans(long Written, int Visible, int Fetched, int Tail);
}
