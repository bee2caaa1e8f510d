using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Benchmarks;

/// <summary>The driver with the right rules and nobody in between, as in production, with its device, its memory and its stack.</summary>
internal sealed unsafe class DqoManagedQueue : IReceiveQueue
{
    private readonly PhysicalMemory _memory;
    private readonly NetworkStack _stack;
    private readonly DqoDevice _device;
    private readonly DqoQueue<RightRules, NothingInBetween> _queue;
    private readonly StateBlock _state;

    /// <summary>A queue created and filled; payload is not written.</summary>
    public DqoManagedQueue(DqoConfiguration configuration, int skbs)
    {
        var faults = new FaultPlan();
        _memory = new PhysicalMemory(configuration.PagesMax, configuration.PageSize, configuration.ChunkSize, faults);
        var iommu = new Iommu(_memory, faults);
        _stack = new NetworkStack(_memory, skbs, configuration.FragmentsMax, configuration.Copybreak, faults, (byte)DqoFault.Skb);
        _device = new DqoDevice(configuration, iommu) { WritesPayload = false };
        _queue = new DqoQueue<RightRules, NothingInBetween>(configuration, _memory, iommu, _stack, faults, _device, default);
        _state = new StateBlock(_memory, _stack, _device, _queue);
        _device.Connect(_queue.PostRing, _queue.CompletionRing);
        _queue.Create();
    }

    /// <summary>Posted buffers that the device has seen.</summary>
    public int Visible => _device.Visible;

    /// <summary>Packets that are held.</summary>
    public int Held => _stack.HeldPackets;

    /// <summary>What the stack holds, in buffers.</summary>
    public int Load => _stack.HeldLoad;

    /// <summary>Completions that wait.</summary>
    public int Pending => (int)(_device.Written - _queue.Counters.Completed);

    /// <inheritdoc/>
    public int Batch(int packets, int size)
    {
        for (int packet = 0; packet < packets; packet++)
        {
            _device.Receive(size, buffers: 1, pick: 0, damaged: 0, DqoTraits.None, late: false);
        }

        int work = _queue.Poll(packets);
        for (int place = _stack.HeldPackets - 1; place >= 0; place--)
        {
            _stack.Release(place);
        }

        return work;
    }

    public void Receive(int size, int buffers) => _device.Receive(size, buffers, pick: 0, damaged: 0, DqoTraits.None, late: false);

    public int Poll(int budget) => _queue.Poll(budget);

    public void Release(int place) => _stack.Release(place);

    /// <inheritdoc/>
    public ulong Digest()
    {
        var digest = new Digest();
        foreach (ref readonly var state in _queue.States)
        {
            digest.Add(state.Next);
            if (state.HasPage)
            {
                digest.Add(state.Frame, state.Offset, state.LastSingle, state.Bias, _memory.References(state.Frame));
            }
        }

        ref readonly var counters = ref _queue.Counters;
        digest.Add(_queue.FreeTop, _queue.RecycledHead, _queue.UsedHead, _queue.UsedCount, _queue.BufferHead, _queue.BufferTail);
        digest.Add(_queue.FreeCompletionSlots, _queue.TimerArmed ? 1 : 0, _queue.IsDropping ? 1 : 0);
        digest.Add(counters.Packets, counters.Bytes, counters.Completed, counters.Posted, counters.Copied, counters.SkbFailures);
        digest.Add(counters.BufferFailures, counters.DescriptorErrors, counters.PageFailures, counters.CriticallyLow);
        digest.Add(_memory.PagesBorn, _memory.LivePages, _stack.HeldPackets, _stack.HeldLoad, _stack.Serials, _stack.Delivered);
        digest.Add(_device.Visible, _device.Fetched, _device.Packets, _device.Written);
        return _memory.Trap.Kind == TrapKind.None ? digest.Value : 0;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _stack.Dispose();
        _state.Dispose();
    }
}
