using System.Collections.Immutable;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>
/// A queue that is built. Which page a buffer lies on is the matter of <see cref="Mana.ManaModel"/>; here it is the pool's or foreign,
/// which decides where it goes (B.5).
/// </summary>
public sealed record PortQueueModel
{
    /// <summary>The program that packets are shown to, 0 for none.</summary>
    public int Program { get; init; }

    /// <summary>Whether it was built for a program: headroom, and a page for each buffer (B.2).</summary>
    public required bool HasProgramLayout { get; init; }

    /// <summary>For each slot whether its buffer is not the pool's.</summary>
    public required ImmutableArray<bool> Foreign { get; init; }

    /// <summary>Completions that its completion queue has room for.</summary>
    public required int CompletionSlots { get; init; }

    /// <summary>The slot that the driver takes the next completion for (buf_index).</summary>
    public int NextSlot { get; init; }

    /// <summary>Whether a foreign page waits for the next refill (xdp_save_va).</summary>
    public bool HasSaved { get; init; }

    /// <summary>Whether the device still knows the queue: it does until it is reset.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>What a program says about the packets whose completions wait, oldest first.</summary>
    public ImmutableArray<ManaVerdict> Completions { get; init; } = [];

    /// <summary>Completions that wait.</summary>
    public int Pending => Completions.Length;

    /// <summary>Buffers that the device can fill: every slot is posted but those whose completions wait.</summary>
    public int Visible => IsKnown ? Foreign.Length - Completions.Length : 0;
}

/// <summary>A packet that was received and polled: handed up, or sent back and not yet transmitted.</summary>
/// <param name="Serial">1, 2, 3 … over all packets handed up, of whatever queue; 0 for one that was sent back.</param>
/// <param name="Queue">The queue that received it.</param>
/// <param name="IsForeign">Whether its buffer was not the pool's, so that its page is freed and not recycled (B.4.4.6).</param>
/// <param name="Program">The program that saw it, 0 for none.</param>
public sealed record PortPacket(int Serial, int Queue, bool IsForeign, int Program);

/// <summary>What one operation did.</summary>
/// <param name="Next">The world after it.</param>
/// <param name="Outcome">What it returned to its caller.</param>
public readonly record struct PortModelStep(PortModel Next, PortOutcome Outcome)
{
    /// <summary>A step that handed nothing up and with which no request ended.</summary>
    internal static PortModelStep Quiet(PortModel next, int value = 0) => new(next, new PortOutcome(value, Delivered: 0, Ended: false));
}
