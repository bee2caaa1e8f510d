using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>A received packet in an skb: handed up, or sent back and not yet transmitted (B.4.4).</summary>
/// <param name="Serial">1, 2, 3 … over all packets handed up; 0 for one that was sent back.</param>
/// <param name="Number">Which packet of the device it is.</param>
/// <param name="Range">Its bytes: from behind the headroom, as many as the completion reported.</param>
/// <param name="Truesize">Bytes of memory charged to the reader.</param>
/// <param name="IsRecycled">Whether it is marked for recycling, so that its page goes back to a pool; else the page is freed (B.4.4.6).</param>
/// <param name="Hash">The hash that the device reported, 0 where it reported none.</param>
/// <param name="ChecksumUnnecessary">Whether the stack may skip its own checksum: the device found the IP header's and the transport's good.</param>
public sealed record ManaPacket(int Serial, int Number, Fragment Range, int Truesize, bool IsRecycled, uint Hash, bool ChecksumUnnecessary);

/// <summary>A received packet that was redirected: it is on a page of a pool, to which it comes back (B.4.5).</summary>
/// <param name="Number">Which packet of the device it is.</param>
/// <param name="Range">Its bytes, from behind the headroom.</param>
public sealed record ManaFrame(int Number, Fragment Range);

/// <summary>What one operation did.</summary>
/// <param name="Next">The world after it.</param>
/// <param name="Outcome">What it returned to its caller.</param>
/// <param name="HandedUp">Every packet handed up in it, in order.</param>
public readonly record struct ManaStep(ManaModel Next, ManaOutcome Outcome, ImmutableArray<ManaPacket> HandedUp)
{
    /// <summary>A step that handed nothing up.</summary>
    internal static ManaStep Quiet(ManaModel next, int value) => new(next, new ManaOutcome(value, Delivered: 0), []);
}
