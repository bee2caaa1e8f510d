using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>A packet that a reader of the stack holds, or held: each fragment is one reference on its page.</summary>
/// <param name="Serial">1, 2, 3 … over all packets handed up and all clones, in the order in which they came to be.</param>
/// <param name="Facts">What the driver told the stack about it (A.5.6).</param>
/// <param name="Fragments">Its bytes, in order; none when it was copied (A.5.5.6.1).</param>
public sealed record DqoPacket(int Serial, DqoPacketFacts Facts, ImmutableArray<Fragment> Fragments);

/// <summary>The packet under assembly: the part of a packet whose completions were consumed (I11).</summary>
/// <param name="Length">Bytes so far.</param>
/// <param name="Truesize">Bytes of memory charged so far.</param>
/// <param name="Copied">Whether the bytes were copied out of their chunk; such a packet is finished by the same completion.</param>
/// <param name="Fragments">The fragments so far, in order.</param>
public readonly record struct DqoAssembly(int Length, int Truesize, bool Copied, ImmutableArray<Fragment> Fragments);

/// <summary>A completion as the device wrote it (A.3), reduced to what the driver decides by.</summary>
/// <param name="BufferId">The buffer it names; a lie may name one that does not exist or was not posted.</param>
/// <param name="Length">Bytes in this buffer (packet_len).</param>
/// <param name="EndOfPacket">Whether it ends a packet.</param>
/// <param name="Error">Whether it carries rx_error.</param>
/// <param name="Hash">The hash of the packet.</param>
/// <param name="Traits">What the device says of the packet's headers.</param>
/// <param name="SegmentSize">rsc_seg_len of a coalesced packet, else 0.</param>
public readonly record struct DqoCompletion(
    int BufferId, int Length, bool EndOfPacket, bool Error = false, uint Hash = 0, DqoTraits Traits = DqoTraits.None, int SegmentSize = 0);

/// <summary>What one operation did.</summary>
/// <param name="Next">The world after it.</param>
/// <param name="Outcome">What it returned to its caller.</param>
/// <param name="Delivered">Every packet handed up in it, in order, also those that the stack dropped at once.</param>
public readonly record struct DqoStep(DqoModel Next, DqoOutcome Outcome, ImmutableArray<DqoPacket> Delivered)
{
    /// <summary>A step that handed nothing up.</summary>
    internal static DqoStep Quiet(DqoModel next, int value) => new(next, new DqoOutcome(value, Delivered: 0), []);
}
