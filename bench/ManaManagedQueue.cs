using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Benchmarks;

/// <summary>The driver on its page pool with the right rules, with its device, its memory and its stack.</summary>
internal sealed class ManaManagedQueue : IReceiveQueue
{
    private readonly ManaWorld<RightManaRules, RightPoolRules> _world;

    /// <summary>A queue created and filled; payload is not written.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="isLocal">Whether the readers of a batch let go on the pool's processor, so that pages go to its cache, or elsewhere, to its ring.</param>
    public ManaManagedQueue(ManaConfiguration configuration, bool isLocal)
    {
        _world = new ManaWorld<RightManaRules, RightPoolRules>(configuration);
        _world.Device.WritesPayload = false;

        // Where skbs put what they had stays as it was for the last one let go by an operation.
        Receive(1);
        Poll();
        Release(0, isLocal);
    }

    /// <summary>Posted buffers that the device has not used.</summary>
    public int Visible => _world.Device.Visible;

    /// <summary>Packets that are held.</summary>
    public int Held => _world.Stack.HeldPackets;

    /// <summary>Packets that are held, and completions that wait.</summary>
    public int Load => _world.Load;

    /// <summary>Bytes that the device may write to a buffer.</summary>
    public int DataSize => _world.Queue.Layout.DataSize;

    /// <inheritdoc/>
    public int Batch(int packets, int size)
    {
        for (int packet = 0; packet < packets; packet++)
        {
            _world.Device.Receive(size);
        }

        int work = _world.Queue.Poll();
        for (int place = _world.Stack.HeldPackets - 1; place >= 0; place--)
        {
            _world.Stack.Release(place);
        }

        return work;
    }

    public void Receive(int size) => _world.Device.Receive(size);

    public int Poll() => _world.Queue.Poll();

    public void Release(int place, bool isLocal) => _world.Apply(ManaOperation.Release(place, isLocal));

    /// <inheritdoc/>
    public ulong Digest()
    {
        var digest = new Digest();
        var queue = _world.Queue;
        for (int slot = 0; slot < _world.Configuration.QueueSize; slot++)
        {
            digest.Add(queue.SlotAt(slot).Frame, queue.SlotAt(slot).Offset);
        }

        AddPool(ref digest, queue.Pool!);
        for (int frame = 0; frame < _world.Memory.FramesUsed; frame++)
        {
            digest.Add(_world.Memory.Count(frame), queue.Pool!.CounterOf(frame));
        }

        for (int place = 0; place < Held; place++)
        {
            var packet = _world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0];
            digest.Add(packet.Frame, packet.Offset, packet.Length);
        }

        ref readonly var counters = ref queue.Counters;
        digest.Add(queue.NextSlot, queue.Head, queue.Tail, queue.Consumed);
        digest.Add(counters.Packets, counters.Bytes, counters.Dropped, counters.CompletionErrors, counters.Completed, counters.Posted);
        digest.Add(_world.Memory.PagesBorn, _world.Memory.LivePages, Held, _world.Stack.Serials, _world.Stack.Delivered);
        digest.Add(Visible, _world.Device.Packets, _world.Device.Written, _world.Device.Missed, _world.Device.WrongDoorbells);
        return _world.Memory.Trap.Kind == TrapKind.None ? digest.Value : 0;
    }

    public void Dispose() => _world.Dispose();

    private static void AddPool(ref Digest digest, Pool pool)
    {
        for (int place = 0; place < pool.Cached; place++)
        {
            digest.Add(pool.CacheAt(place));
        }

        for (int slot = 0; slot < pool.RingSlots; slot++)
        {
            digest.Add(pool.RingAt(slot));
        }

        ref readonly var counters = ref pool.Counters;
        digest.Add(pool.Cached, pool.RingProducer, pool.RingHead, pool.RingTail, pool.Current, pool.CurrentOffset, pool.CurrentUsers);
        digest.Add(counters.Fast, counters.Slow, counters.Empty, counters.Refilled, counters.Cached, counters.CacheFull);
        digest.Add(counters.Ringed, counters.RingFull, counters.ReleasedReference, counters.Hold, counters.Release);
    }
}
