using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>The device, honest and not: it takes visible buffers strictly in posting order and writes completions (docs/mana.md, Device).</summary>
internal static class ManaDeviceModel
{
    private const uint HashMultiplier = 2654435761;

    private const ManaTraits NotGood = ManaTraits.IpChecksumBad | ManaTraits.L4ChecksumBad | ManaTraits.IpUnchecked | ManaTraits.L4Unchecked;

    /// <summary>One packet in the next buffer; one that is larger than the buffer is cut off there.</summary>
    internal static ManaStep Receive(ManaModel world, ManaOperation operation)
    {
        var room = world.Queue!.Layout.DataSize;
        var number = world.PacketsReceived + 1;
        var (queue, slot) = Take(world.Queue);
        var completion = new ManaCompletionModel(
            operation.Size > room ? ManaReport.Truncated : ManaReport.Packet,
            slot,
            Math.Min((int)operation.Size, room),
            number,
            operation.Traits.HasFlag(ManaTraits.NoHash) ? 0 : unchecked((uint)number * HashMultiplier),
            operation.Verdict,
            (operation.Traits & NotGood) == ManaTraits.None);
        return ManaStep.Quiet(world with { Queue = Completed(queue, completion), PacketsReceived = number }, value: number);
    }

    /// <summary>A completion that was not asked for or is not true.</summary>
    internal static ManaStep Lie(ManaModel world, ManaOperation operation)
    {
        var completion = operation.Lie switch
        {
            ManaLie.SendQueue or ManaLie.ForeignQueue => new ManaCompletionModel(ManaReport.Foreign, Slot: null, operation.Size),
            ManaLie.Coalesced or ManaLie.UnknownType => new ManaCompletionModel(ManaReport.Unexpected, Slot: null, operation.Size),
            ManaLie.NoLength => new ManaCompletionModel(ManaReport.Packet, Slot: null),
            _ => new ManaCompletionModel(ManaReport.Packet, Slot: null, operation.Size),
        };
        var (queue, slot) = TakesBuffer(operation.Lie) ? Take(world.Queue!) : (world.Queue!, (int?)null);
        return ManaStep.Quiet(world with { Queue = Completed(queue, completion with { Slot = slot }) }, value: 1);
    }

    /// <summary>A fence, behind all that was completed.</summary>
    internal static ManaStep Fence(ManaModel world) =>
        ManaStep.Quiet(world with { Queue = Completed(world.Queue!, new ManaCompletionModel(ManaReport.Fence, Slot: null)) }, value: 1);

    /// <summary>Whether a buffer comes back with this lie.</summary>
    internal static bool TakesBuffer(ManaLie lie) => lie is not (ManaLie.SendQueue or ManaLie.ForeignQueue);

    private static (ManaQueueModel Queue, int Slot) Take(ManaQueueModel queue) =>
        (queue with { Visible = queue.Visible.RemoveAt(0) }, queue.Visible[0]);

    private static ManaQueueModel Completed(ManaQueueModel queue, ManaCompletionModel completion) =>
        queue with { Completions = queue.Completions.Add(completion) };
}
