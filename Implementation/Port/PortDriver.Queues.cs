using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Implementation.Port;

/// <content>The steps that touch queues and their device, and the packet path between steps (B.4.7, B.4.9, B.7 #15).</content>
public sealed unsafe partial class PortDriver<TRules, TManaRules, TPoolRules>
{
    /// <inheritdoc/>
    internal override void Receive(int queue, ManaVerdict verdict) => _queues[queue].Receive(PortConfiguration.PacketBytes, verdict);

    /// <inheritdoc/>
    internal override int Poll(int queue) => Need(queue) is { } built ? Poll(_queues[queue], built) : 0;

    private int Poll(PortQueue<TManaRules, TPoolRules> queue, ManaQueue<TManaRules, TPoolRules> built)
    {
        if (built.Program != 0 && queue.HasPacketsWaiting())
        {
            Programs.Use(built.Program);
        }

        int packets = _stack.HeldPackets;
        int transmissions = _holders.Transmissions.Count;
        _memory.IsAtomic = true;
        int work = queue.Poll(built, IsUp);
        _memory.IsAtomic = false;
        for (; packets < _stack.HeldPackets; packets++)
        {
            _programOf[_stack.HeldAt(packets)] = built.Program;
        }

        foreach (ref readonly var sent in _holders.Transmissions.Items[transmissions..])
        {
            if (sent.Skb != NetworkStack.None)
            {
                _programOf[sent.Skb] = built.Program;
            }
        }

        return work;
    }

    /// <summary>A queue that a step needs; null, with a trap, when it is not built.</summary>
    private ManaQueue<TManaRules, TPoolRules>? Need(int queue)
    {
        var built = _queues[queue].Built;
        if (built is null)
        {
            _memory.Catch(TrapKind.ResourceNotHeld, -1, (int)PortResource.Queue + queue, 0);
        }

        return built;
    }

    private void SetPrograms()
    {
        for (int queue = 0; queue < QueueCount && Program != 0; queue++)
        {
            if (Need(queue) is { } built)
            {
                Programs.Get(Program);
                built.Program = Program;
            }
        }
    }

    private void ClearPrograms()
    {
        for (int queue = 0; queue < QueueCount; queue++)
        {
            if (Need(queue) is { } built)
            {
                PutProgram(built);
            }
        }
    }

    private void PutProgram(ManaQueue built)
    {
        if (built.Program != 0)
        {
            Programs.Put(built.Program);
            built.Program = 0;
        }
    }

    /// <summary>Transmissions complete, or the device is reset first: then it reads no more.</summary>
    private void Drain()
    {
        if (_holders.Transmissions.Count > 0 && _faults.Strikes(StuckFault))
        {
            ResetDevice();
        }

        _pools.Context = PutContext.Elsewhere;
        while (_holders.Transmissions.Count > 0)
        {
            _holders.CompleteTransmission(0);
        }
    }

    private void SteerOff()
    {
        if (Confirms())
        {
            Header->IsSteering = false;
        }
    }

    /// <summary>The last packets in flight arrive, unless more are steered to the queue, and NAPI handles what waits; a device that was reset sends no fence.</summary>
    private void Fence(int queue)
    {
        if (Need(queue) is not { } built || !Confirms())
        {
            return;
        }

        if (!IsSteering)
        {
            Land(queue);
        }

        _queues[queue].Fence();
        Poll(_queues[queue], built);
    }

    private void DestroyQueue(int queue)
    {
        if (Need(queue) is not { } built)
        {
            return;
        }

        PutProgram(built);
        bool isConfirmed = Confirms();
        _queues[queue].Destroy(isConfirmed);
        if (isConfirmed)
        {
            Land(queue);
        }
    }

    /// <summary>No packet is in flight to a queue any more.</summary>
    private void Land(int queue) => Header->InFlight &= ~(1 << queue);

    /// <summary>
    /// Whether the device confirms a command of taking down. One that does not is reset, and then cannot write any more: whether
    /// that stands for a confirmation is told by the rules; one that was reset is sent nothing (B.7 #15).
    /// </summary>
    private bool Confirms()
    {
        if (Header->IsReset || !Fails())
        {
            return true;
        }

        if (TRules.ResetsUnresponsiveDevice)
        {
            ResetDevice();
        }

        return false;
    }

    /// <summary>The device steers nothing, has nothing in flight, and forgets all queues and buffers.</summary>
    private void ResetDevice()
    {
        Header->IsSteering = false;
        Header->InFlight = 0;
        Header->IsReset = true;
        foreach (var queue in _queues)
        {
            queue.Reset();
        }
    }
}
