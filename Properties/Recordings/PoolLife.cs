using RxVerify.Model.PagePool;

namespace RxVerify.Properties.Recordings;

/// <summary>Why something about a pool cannot be known from a recording.</summary>
internal enum Doubt
{
    /// <summary>Nothing is in doubt.</summary>
    None,

    /// <summary>The recording began after the pool.</summary>
    Joined,

    /// <summary>Events were lost.</summary>
    Lost,

    /// <summary>The page came in while another pool was at this address.</summary>
    LifeBefore,

    /// <summary>Another processor may have counted in between.</summary>
    Race,

    /// <summary>More counts were missing at a time than are kept.</summary>
    TooMany,

    /// <summary>Another event that decides it is not in the recording at all.</summary>
    KindMissing,
}

/// <summary>What is known of one claim about one life of a pool.</summary>
internal struct ClaimMark
{
    /// <summary>How often it was decided and held.</summary>
    public long Held;

    /// <summary>How often it broke.</summary>
    public long Broken;

    /// <summary>How it broke first.</summary>
    public string? Detail;

    /// <summary>Where it broke first.</summary>
    public long DetailLine;

    /// <summary>How often it could not be decided.</summary>
    public long Open;

    /// <summary>Why not, the first time.</summary>
    public Doubt Why;

    /// <summary>Where, the first time.</summary>
    public long OpenLine;
}

/// <summary>A pool from its first page to inflight=0, as far as a recording shows it. Addresses are used again; lives are not.</summary>
internal sealed class PoolLife
{
    private readonly ClaimMark[] _marks = new ClaimMark[RecordingClaims.All.Count];

    /// <summary>Begins a life with an event at this moment.</summary>
    public PoolLife(int index, ulong pool, int number, bool isWhole, int epoch, long line, long time)
    {
        (Index, Pool, Number, IsWhole, BeginEpoch) = (index, pool, number, isWhole, epoch);
        (FirstLine, FirstTime) = (line, time);
        (HoldEpoch, ReleaseEpoch, LookEpoch) = (epoch, epoch, epoch);
        (IsHoldKnown, AreLooksKnown) = (isWhole, isWhole);
        Releases = new ReleaseCounts(isWhole);
    }

    /// <summary>Its place among the lives of the recording.</summary>
    public int Index { get; }

    /// <summary>The pool's address as printed.</summary>
    public ulong Pool { get; }

    /// <summary>Which life at this address it is, from 1.</summary>
    public int Number { get; }

    /// <summary>Whether its first page is in the recording.</summary>
    public bool IsWhole { get; }

    /// <summary>How often events had been lost when it began.</summary>
    public int BeginEpoch { get; }

    public long FirstLine { get; }

    public long FirstTime { get; }

    public long LastLine { get; set; }

    public long LastTime { get; set; }

    /// <summary>The model's books of this pool; release is the highest count printed.</summary>
    public PoolLedger Ledger { get; set; }

    public bool IsHoldKnown { get; set; }

    public bool AreLooksKnown { get; set; }

    /// <summary>How often events had been lost when hold, release and looks were last known.</summary>
    public int HoldEpoch { get; set; }

    public int ReleaseEpoch { get; set; }

    public int LookEpoch { get; set; }

    public ReleaseCounts Releases { get; }

    /// <summary>Events of each kind.</summary>
    public long Holds { get; set; }

    public long Left { get; set; }

    public long Looks { get; set; }

    /// <summary>Pages that came in during the recording and have not left.</summary>
    public long Outside { get; set; }

    public int Peak { get; set; }

    /// <summary>What the last look printed.</summary>
    public RecordedLook? LastLook { get; set; }

    public long FirstLookTime { get; set; }

    /// <summary>The line of inflight=0, or 0 while there was none.</summary>
    public long OverLine { get; set; }

    /// <summary>How often events had been lost when it was over.</summary>
    public int OverEpoch { get; set; }

    public bool IsOver => OverLine > 0;

    /// <summary>Whether its end, if any, was among events that were lost, or a new life began without one.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether a next life began, with nothing lost in between, so that no more of this one can come.</summary>
    public bool IsSucceeded { get; set; }

    public ref ClaimMark MarkOf(Claim claim) => ref _marks[claim.Number];

    /// <summary>A claim was decided, and holds.</summary>
    public void Holding(Claim claim) => _marks[claim.Number].Held++;

    /// <summary>A claim could not be decided at this line.</summary>
    public void Undecided(Claim claim, Doubt why, long line)
    {
        ref var mark = ref _marks[claim.Number];
        if (mark.Open++ == 0)
        {
            (mark.Why, mark.OpenLine) = (why, line);
        }
    }
}

/// <summary>The last look at a destroyed pool.</summary>
/// <param name="Time">When, in nanoseconds of the recording's clock.</param>
/// <param name="Inflight">Pages that were inside or outside.</param>
/// <param name="Ledger">The counts printed with it.</param>
internal readonly record struct RecordedLook(long Time, int Inflight, PoolLedger Ledger);
