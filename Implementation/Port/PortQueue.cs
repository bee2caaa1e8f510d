using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Implementation.Port;

/// <summary>
/// One queue of the port by its number, with the device's side of it. Size and layout are constants of a queue, which costs the
/// packet path nothing, so there is one for each, all over the same memory, of which at most one is built.
/// </summary>
/// <typeparam name="TManaRules">The queue's decisions, right or planted.</typeparam>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
internal sealed unsafe class PortQueue<TManaRules, TPoolRules> : StatePart
    where TManaRules : struct, IManaRules
    where TPoolRules : struct, IPoolRules
{
    private readonly ManaQueue<TManaRules, TPoolRules>[] _queues;
    private readonly GdmaDevice[] _devices;
    private readonly ManaVerdicts _verdicts;
    private Header* _header;

    /// <summary>A queue that is not built yet.</summary>
    /// <param name="around">What it shares with others.</param>
    /// <param name="shapes">The sizes and layouts that it can have.</param>
    /// <param name="number">Its number.</param>
    public PortQueue(ManaSurroundings<TPoolRules> around, PortShapes shapes, int number)
    {
        var room = shapes.All[0].Room;
        _verdicts = new ManaVerdicts(room.CompletionSlots);
        _queues = new ManaQueue<TManaRules, TPoolRules>[shapes.All.Count];
        _devices = new GdmaDevice[shapes.All.Count];
        for (int shape = 0; shape < _queues.Length; shape++)
        {
            var constants = shapes.All[shape];

            // The device's numbers begin with 1.
            _devices[shape] = new GdmaDevice(
                around.Iommu, constants.Configuration.QueueSize, constants.Configuration.CompletionSlots, number + 1, room.CompletionSlots);
            _queues[shape] = new ManaQueue<TManaRules, TPoolRules>(around, constants, _devices[shape], _verdicts);
        }
    }

    /// <summary>The queue as it is built, or null.</summary>
    public ManaQueue<TManaRules, TPoolRules>? Built => _header->BuiltPlusOne == 0 ? null : _queues[_header->BuiltPlusOne - 1];

    /// <summary>The device's side, as long as the device knows the queue, be it built or not; else null.</summary>
    public GdmaDevice? Known => Last.IsRunning ? Last : null;

    /// <summary>Completions written and not consumed; those of a queue that is not built are lost.</summary>
    public int Pending => Built is { } built ? (int)(Last.Written - built.Consumed) : 0;

    /// <summary>Whether one completion more, and a fence behind it, have room.</summary>
    public bool HasRoom => Built is not { } built || Pending < built.CompletionSlots - 1;

    /// <summary>Packets ever received.</summary>
    public int Packets => Last.Packets;

    private GdmaDevice Last => _devices[_header->Known];

    /// <summary>Builds the queue (B.4.6). Returns 0 or the error.</summary>
    public int Create(int shape, bool hasProgram)
    {
        int error = _queues[shape].Create(hasProgram);
        if (error == 0)
        {
            _header->BuiltPlusOne = shape + 1;
            _header->Known = shape;
        }

        return error;
    }

    /// <summary>Takes the queue down, where there is one (B.4.7).</summary>
    /// <param name="deviceConfirms">Whether the device forgets it.</param>
    public void Destroy(bool deviceConfirms)
    {
        Built?.Teardown(deviceConfirms);
        _header->BuiltPlusOne = 0;
    }

    /// <summary>The device forgets the queue.</summary>
    public void Reset() => Last.Stop();

    /// <summary>A packet arrives; the program, if it is asked, will say this.</summary>
    public void Receive(int length, ManaVerdict verdict)
    {
        _verdicts[Last.Written] = verdict;
        Last.Receive(length);
    }

    /// <summary>MANA_FENCE_RQ: a completion behind all that were written.</summary>
    public void Fence()
    {
        _verdicts[Last.Written] = ManaVerdict.Pass;
        Last.Fence();
    }

    /// <summary>One NAPI poll. Returns completions consumed.</summary>
    /// <param name="built">The queue as it is built.</param>
    /// <param name="maySend">Whether a packet can be sent back; else the transmit queue, which is stopped, refuses it.</param>
    public int Poll(ManaQueue<TManaRules, TPoolRules> built, bool maySend)
    {
        for (long sequence = built.Consumed; !maySend && sequence < Last.Written; sequence++)
        {
            ref var verdict = ref _verdicts[sequence];
            verdict = verdict == ManaVerdict.Tx ? ManaVerdict.TxFails : verdict;
        }

        return built.Poll();
    }

    /// <summary>Whether a packet waits to be handled, at which a program would run.</summary>
    public bool HasPacketsWaiting()
    {
        for (long sequence = Last.Written - Pending; sequence < Last.Written; sequence++)
        {
            if (Last.LogOf(sequence).ReturnsBuffer)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The device and the driver meet where the queues lie, once the block is there.</summary>
    public void Connect()
    {
        for (int shape = 0; shape < _queues.Length; shape++)
        {
            _devices[shape].Connect(_queues[shape].WorkQueue, _queues[shape].CompletionQueue);
        }
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _header = cursor.Take<Header>(1);
        _verdicts.Lay(ref cursor);

        // Each has room for the largest, so that all begin and end at the same places.
        var start = cursor;
        for (int shape = 0; shape < _queues.Length; shape++)
        {
            cursor = start;
            _devices[shape].Lay(ref cursor);
            _queues[shape].Lay(ref cursor);
        }
    }

    private struct Header
    {
        public int BuiltPlusOne;
        public int Known;
    }
}
