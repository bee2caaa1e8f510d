using System.Collections.Immutable;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>A buffer: memory of one page that the device may write one packet to (B.3).</summary>
/// <param name="Page">The page it lies on.</param>
/// <param name="Offset">Its first byte, where the headroom begins.</param>
/// <param name="IsFromPool">Whether the page is the pool's (from_pool); a foreign one was allocated before, or saved.</param>
public readonly record struct ManaBuffer(PageId Page, int Offset, bool IsFromPool)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsFromPool ? "" : "foreign ")}{Page} from byte {Offset}";
}

/// <summary>What a completion says, as far as the driver does different things (B.4.3).</summary>
public enum ManaReport : byte
{
    /// <summary>A packet, be its length as it may.</summary>
    Packet,

    /// <summary>A packet that was cut off at the end of its buffer.</summary>
    Truncated,

    /// <summary>A fence.</summary>
    Fence,

    /// <summary>A type that the driver did not ask for: coalesced packets, or one that the kernel does not name.</summary>
    Unexpected,

    /// <summary>That it is of a send queue, or of another receive queue.</summary>
    Foreign,
}

/// <summary>A completion as the device wrote it, with what the environment decided about its packet. The driver reads no slot from it.</summary>
/// <param name="Report">What it says it is.</param>
/// <param name="Slot">The slot whose buffer the device filled, or null where it took none.</param>
/// <param name="Length">Bytes reported (pkt_len).</param>
/// <param name="Number">The packet's number, 0 for a lie and for a fence.</param>
/// <param name="Hash">The packet's hash, 0 where none is reported.</param>
/// <param name="Verdict">What a program says about the packet, if there is one.</param>
/// <param name="Checked">Whether both of its checksums are reported as good.</param>
public readonly record struct ManaCompletionModel(
    ManaReport Report, int? Slot, int Length = 0, int Number = 0, uint Hash = 0, ManaVerdict Verdict = ManaVerdict.Pass, bool Checked = true);

/// <summary>A queue that is up: its buffers, its pool, and what it shares with the device (B.3).</summary>
public sealed record ManaQueueModel
{
    /// <summary>How its buffers lie in memory, by the MTU and the program that there was when it was created (B.2).</summary>
    public required ManaLayout Layout { get; init; }

    /// <summary>Whether packets are shown to an XDP program.</summary>
    public required bool HasProgram { get; init; }

    /// <summary>The page pool that it created (B.4.6).</summary>
    public required PoolState Pool { get; init; }

    /// <summary>The buffer of each slot (rx_oobs); all are there except while the queue is being created.</summary>
    public ImmutableArray<ManaBuffer> Slots { get; init; } = [];

    /// <summary>The slot that the driver takes the next completion for, and then posts again (buf_index).</summary>
    public int NextSlot { get; init; }

    /// <summary>Slots that were posted, before the last doorbell, and that the device has not used: the one it takes next is the first.</summary>
    public ImmutableArray<int> Visible { get; init; } = [];

    /// <summary>Completions that the driver has not consumed, oldest first.</summary>
    public ImmutableArray<ManaCompletionModel> Completions { get; init; } = [];

    /// <summary>The foreign page that waits for the next refill, or none (xdp_save_va).</summary>
    public PageId Saved { get; init; }

    /// <summary>Buffers that the driver has mapped: those of whole pages, and foreign ones; every other lies on a page that the pool mapped (B.2, B.5).</summary>
    public int DriverMappings => Layout.IsFragmented ? ForeignSlots : Slots.Length;

    /// <summary>Pages inside the queue that are no pool's: in slots, and the one that is saved.</summary>
    public int ForeignPages => ForeignSlots + (Saved == PageId.None ? 0 : 1);

    private int ForeignSlots
    {
        get
        {
            var slots = 0;
            foreach (var buffer in Slots)
            {
                slots += buffer.IsFromPool ? 0 : 1;
            }

            return slots;
        }
    }
}
