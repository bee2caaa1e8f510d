using System.Runtime.InteropServices;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// What the claims about lists, loans and pages speak of, as it was when they were last decided. These claims are functions of
/// what is looked at here and of nothing else, so where it is the same they hold as they held before; four steps in five leave
/// the driver's states alone.
/// </summary>
/// <remarks>
/// What the driver writes (states, list heads, descriptors) is compared byte for byte. Of what the emulation alone writes, marks
/// stand for more: memory marks each frame it touches, be it that one of its chunks is taken or let go, and what the device
/// was given before it saw another buffer can only have become less.
/// </remarks>
internal sealed class DqoImage
{
    private readonly DqoQueue _queue;
    private readonly DqoDevice _device;
    private readonly PhysicalMemory _memory;
    private readonly ulong[] _hidden;
    private BufferState[] _states;
    private BufferState[] _statesBefore;
    private Heads _heads;
    private Loans _loans;
    private Stream _stream;
    private int _holds;

    public DqoImage(DqoWorld world)
    {
        _queue = world.Queue;
        _device = world.Device;
        _memory = world.Memory;
        int states = world.Configuration.BufferStates;
        _hidden = new ulong[world.Configuration.BufferSlots];
        _states = new BufferState[states];
        _statesBefore = new BufferState[states];
    }

    /// <summary>Whether the last look found other buffer states than the one before.</summary>
    public bool StatesChanged { get; private set; }

    /// <summary>Whether it found other states or list heads.</summary>
    public bool ListsChanged { get; private set; }

    /// <summary>The frames touched between the last look and the one before, as <see cref="PhysicalMemory.Touched"/> has them.</summary>
    public ulong Touched { get; private set; }

    /// <summary>Whether the last look found a buffer posted that the one before did not.</summary>
    public bool IsMoreLent { get; private set; }

    /// <summary>The states as the look before the last one found them; meaningful when <see cref="StatesChanged"/>.</summary>
    public ReadOnlySpan<BufferState> StatesBefore => _statesBefore;

    /// <summary>References that the look before the last one found ever given to readers.</summary>
    public int HoldsBefore { get; private set; }

    /// <summary>Whether the last look found more completions written, landed or consumed than the one before.</summary>
    public bool StreamChanged { get; private set; }

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

        Touched = _memory.Touched;
        _memory.ForgetTouched();
        HoldsBefore = _holds;
        _holds = _memory.Holds;
        var stream = new Stream(_device.Written, _device.Late, _queue.Counters.Completed);
        StreamChanged = stream != _stream;
        _stream = stream;
        LookAtLoans();
    }

    /// <summary>What the device has not seen yet the driver can still write to, so the addresses there are compared.</summary>
    private unsafe void LookAtLoans()
    {
        var loans = new Loans(_device.Seen, _queue.BufferTail);
        IsMoreLent = loans != _loans;
        _loans = loans;
        int mask = _hidden.Length - 1;
        for (int slot = _device.Fetched; slot != loans.Tail; slot = (slot + 1) & mask)
        {
            ulong address = _queue.PostRing[slot].Address;
            IsMoreLent |= address != _hidden[slot];
            _hidden[slot] = address;
        }
    }

    private static bool IsSame<T>(ReadOnlySpan<T> now, T[] before)
        where T : unmanaged => MemoryMarshal.AsBytes(now).SequenceEqual(MemoryMarshal.AsBytes<T>(before));

    private readonly record struct Heads(int Free, int Recycled, int Used);

    private readonly record struct Loans(long Seen, int Tail);

    private readonly record struct Stream(long Written, int Late, long Completed);
}
