using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>What a user can have changed: it decides what queues are built.</summary>
/// <param name="Mtu">Bytes of the largest packet behind its Ethernet header.</param>
/// <param name="RingSize">Buffers of each queue.</param>
/// <param name="QueueCount">Queues.</param>
/// <param name="Program">The number of the program, 0 for none.</param>
internal readonly record struct PortParameters(int Mtu, int RingSize, int QueueCount, int Program);

/// <summary>The request under way: what it is to do, and how far it is.</summary>
internal sealed record PortTask
{
    /// <summary>What was asked for.</summary>
    internal required PortRequest Request { get; init; }

    /// <summary>What the port is to have.</summary>
    internal required PortParameters Asked { get; init; }

    /// <summary>What the port had when the request began.</summary>
    internal required PortParameters Old { get; init; }

    /// <summary>The step that comes next.</summary>
    internal required PortStep Step { get; init; }

    /// <summary>The queue of that step, 0 when it has none.</summary>
    internal int Queue { get; init; }

    /// <summary>The first error, 0 while there is none.</summary>
    internal int Error { get; init; }

    /// <summary>Whether what an attempt did is being undone.</summary>
    internal bool IsUndoing { get; init; }

    /// <summary>Whether the old parameters are the port's again, so that this attempt to attach is the last.</summary>
    internal bool HasRestored { get; init; }

    /// <summary>The program whose reference is the request's and not the port's: the new one until it is stored, then the old one (B.4.10).</summary>
    /// <param name="program">The port's program.</param>
    internal int HeldProgram(int program)
    {
        if (!PortTable.ChangesProgram(Request))
        {
            return 0;
        }

        return program == Asked.Program ? Old.Program : Asked.Program;
    }
}
