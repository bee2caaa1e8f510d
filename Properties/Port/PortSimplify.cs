using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>What makes a story of the port simpler: plain packets, steps in one go, failures that come at once, a small port.</summary>
public sealed class PortSimplify : ISimplify<PortConfiguration, PortOperation>
{
    /// <inheritdoc/>
    public IEnumerable<PortOperation> SimplerThan(PortOperation operation)
    {
        if (operation.Kind == PortOperationKind.Settle)
        {
            yield return PortOperation.Poll();
            yield return PortOperation.Release();
            yield return PortOperation.TxComplete();
        }

        for (byte lower = 0; lower < (operation.Flags & 0x0f); lower++)
        {
            yield return operation with { Flags = (byte)((operation.Flags & 0xf0) | lower), Argument = 0, Extra = 0 };
        }

        foreach (byte flag in (byte[])[0x40, 0x80])
        {
            if ((operation.Flags & flag) != 0)
            {
                yield return operation with { Flags = (byte)(operation.Flags & ~flag) };
            }
        }

        foreach (int pick in Numbers.Below(operation.Pick, 0))
        {
            yield return operation with { Pick = (ushort)pick };
        }

        foreach (int argument in Numbers.Below(operation.Argument, 0))
        {
            yield return operation with { Argument = (ushort)argument };
        }

        foreach (int count in Numbers.Below(operation.Count, 1))
        {
            yield return operation with { Count = (byte)count };
        }

        foreach (int extra in Numbers.Below(operation.Extra, 0))
        {
            yield return operation with { Extra = (byte)extra };
        }
    }

    /// <inheritdoc/>
    public PortOperation? Together(PortOperation first, PortOperation second) =>
        first.Kind == PortOperationKind.Step && second.Kind == PortOperationKind.Step && first.Fault == PortFault.None && first.Count + second.Count <= byte.MaxValue
            ? second with { Count = (byte)(first.Count + second.Count) }
            : null;

    /// <inheritdoc/>
    public IEnumerable<PortConfiguration> SimplerThan(PortConfiguration configuration) =>
        Candidates(configuration).Where(candidate => candidate.Fault() is null && candidate != configuration);

    /// <inheritdoc/>
    public int Draw(IRun<PortOperation> run, ulong seed, ReadOnlySpan<PortOperation> kept, Span<PortOperation> done)
    {
        int count = Runs.ReplayAllowed(run, kept, done);
        return count + Fuzz.RunDrawn(run, new PortGenerator(seed), done.Length - count, done[count..]);
    }

    private static IEnumerable<PortConfiguration> Candidates(PortConfiguration larger)
    {
        var plain = new PortConfiguration();
        yield return larger with { PageSize = plain.PageSize, Mtu = plain.Mtu, MtuMax = plain.MtuMax };
        yield return larger with { Mtu = plain.Mtu };
        yield return larger with { MtuMax = plain.MtuMax };
        yield return larger with { Era = plain.Era };
        yield return larger with { HasFilter = false };
        yield return larger with { RingSize = plain.RingSize, OtherRingSize = plain.OtherRingSize };
        foreach (int queues in Numbers.Below(larger.Queues, 1))
        {
            yield return larger with { Queues = queues };
        }

        foreach (int held in Numbers.Below(larger.HeldMax, 1))
        {
            yield return larger with { HeldMax = held };
        }
    }
}
