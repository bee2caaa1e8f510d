using System.Globalization;
using RxVerify.Explorer;
using RxVerify.Properties.Traffic;

namespace RxVerify.Properties.Recordings;

/// <summary>What is known at the end of the recording.</summary>
internal sealed partial class RecordingLaw
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The kernel's own patience: from then on it complains about a stalled shutdown (C.1).</summary>
    private const long PatienceNanoseconds = 60 * NanosecondsPerSecond;

    /// <summary>From the first event to the last.</summary>
    public long Nanoseconds => _lastTime - _firstTime;

    /// <summary>Events of a kind.</summary>
    public long Events(RecordedKind kind) => _events[(int)kind];

    /// <summary>The verdicts on each life. Nothing may be noted afterwards.</summary>
    public IReadOnlyList<LifeReport> Lives()
    {
        foreach (var breach in _breaches.Where(breach => breach.Needs is { } kind && Events(kind) == 0))
        {
            TakeBack(breach, Doubt.KindMissing);
        }

        var outside = Outside();
        var joined = _lives.Find(life => !life.IsWhole);
        return [.. _lives.Select(life => Report(life, joined, outside.GetValueOrDefault(life.Index) ?? []))];
    }

    /// <summary>Pages of each pool over time, the highest peak first.</summary>
    public IReadOnlyList<Series> Curves() =>
    [
        .. _pools.Values
            .OrderByDescending(address => address.Curve.Peak)
            .ThenBy(address => address.Current.Index)
            .Select(address => new Series(NameOf(address.Current), address.Curve.Points(_firstTime))),
    ];

    /// <summary>The pages that did not leave, of each life, oldest first.</summary>
    private Dictionary<int, List<OutsidePage>> Outside()
    {
        var outside = new Dictionary<int, List<OutsidePage>>();
        foreach (var (identity, page) in _pages.All)
        {
            if (!outside.TryGetValue(page.Life, out var pages))
            {
                outside.Add(page.Life, pages = []);
            }

            pages.Add(new OutsidePage(
                (identity & 1) != 0 ? $"{page.Page:x}" : $"0x{identity >> 1:x}",
                page.Hold, page.Line, _lastTime - page.Time, page.Processor, $"{_tasks[page.Task]}-{page.Process}", page.Epoch == _epoch));
        }

        foreach (var pages in outside.Values)
        {
            pages.Sort(static (one, other) => one.Line.CompareTo(other.Line));
        }

        return outside;
    }

    private LifeReport Report(PoolLife life, PoolLife? joined, List<OutsidePage> outside)
    {
        if (life.ReleaseEpoch != _epoch && life.Releases.Forgive() > 0)
        {
            life.Undecided(RecordingClaims.Release, Doubt.Lost, _lossLine);
        }

        long waited = Waited(life);
        return new LifeReport
        {
            Pool = NameOf(life),
            Life = life.Number,
            IsWhole = life.IsWhole,
            IsOver = life.IsOver,
            Lines = (life.FirstLine, life.LastLine),
            Nanoseconds = life.LastTime - life.FirstTime,
            CameIn = life.Holds,
            Left = life.Left,
            Looks = life.Looks,
            Peak = life.Peak,
            Inflight = life.LastLook?.Inflight,
            WaitedNanoseconds = waited,
            IsStalled = waited >= PatienceNanoseconds,
            Outside = life.Outside,
            Oldest = outside.Count > 0 ? outside[0] : null,
            WaitsFor = life.LastLook is null ? [] : [.. outside.Take(RecordingReport.PagesMax)],
            Verdicts = [.. RecordingClaims.All.Select(claim => Verdict(life, claim, joined, waited))],
        };
    }

    /// <summary>By the clock, or, of a pool that was destroyed before the recording began, by its count of looks.</summary>
    private static long Waited(PoolLife life)
    {
        if (life.LastLook is not { } last)
        {
            return 0;
        }

        long counted = life.MarkOf(RecordingClaims.Looks).Broken == 0 ? (last.Ledger.Looks - 1) * NanosecondsPerSecond : 0;
        return Math.Max(last.Time - life.FirstLookTime, counted);
    }

    private ClaimVerdict Verdict(PoolLife life, Claim claim, PoolLife? joined, long waited)
    {
        var mark = life.MarkOf(claim);
        if (mark.Broken > 0)
        {
            return new ClaimVerdict(claim, ClaimState.Broken, mark.Detail, mark.DetailLine, mark.Broken);
        }

        if (claim == RecordingClaims.Return && waited >= PatienceNanoseconds)
        {
            string stalled = life.IsOver
                ? $"it took {Seconds(waited)} until the last page was back"
                : $"stalled: {Seconds(waited)} after it was destroyed it still waits for {Pages(life.LastLook!.Value.Inflight)}{Known(life)}";
            return new ClaimVerdict(claim, ClaimState.Broken, stalled, life.LastLine, 1);
        }

        if (mark.Open > 0)
        {
            return new ClaimVerdict(claim, ClaimState.Undecided, Because(mark, claim), mark.OpenLine, mark.Open);
        }

        string? open = claim == RecordingClaims.End ? OpenEnd(life)
            : claim == RecordingClaims.Return ? OpenReturn(life, waited)
            : claim == RecordingClaims.Release && life.Releases.Missing is > 0 and var missing
                ? $"{missing} of the counts up to release={Highest(life)} were not printed by the end of the recording"
            : claim == RecordingClaims.Once && joined is not null && mark.Held > 0
                ? $"which pages pool {NameOf(joined)} held before line {joined.FirstLine} is not in the recording"
            : mark.Held == 0 ? Nothing(claim)
            : null;
        return new ClaimVerdict(claim, open is null ? ClaimState.Held : ClaimState.Undecided, open, 0, open is null ? 0 : 1);
    }

    private string? OpenEnd(PoolLife life) =>
        life is { IsOver: true } ? life.OverEpoch == _epoch || life.IsSucceeded ? null : $"events were lost after inflight=0, before line {_lossLine}"
        : life.IsClosed ? "its end is not in the recording"
        : "it had not ended when the recording did";

    private static string? OpenReturn(PoolLife life, long waited) =>
        life.LastLook is not { } last ? life.IsClosed ? "its end is not in the recording" : "it was not destroyed in the recording"
        : !life.IsOver ? $"{Seconds(waited)} after it was destroyed, when the recording ends, it waits for {Pages(last.Inflight)}{Known(life)}"
        : life.Outside > 0 ? $"that {Pages(life.Outside)} left is not in the recording"
        : null;

    private static string Known(PoolLife life) =>
        life.IsWhole || life.LastLook is not { } last || last.Inflight <= life.Outside ? "" : $", of which {last.Inflight - life.Outside} came in before the recording began";

    private static uint Highest(PoolLife life) =>
        life.LastLook is { } last && (int)(last.Ledger.Release - life.Releases.Highest) > 0 ? last.Ledger.Release : life.Releases.Highest;

    private static string Because(in ClaimMark mark, Claim claim) => mark.Why switch
    {
        Doubt.Joined => claim == RecordingClaims.Owner ? "pages left that came in before the recording began"
            : claim == RecordingClaims.Release ? "pages left before the recording began"
            : "the pool was destroyed before the recording began",
        Doubt.Lost => $"events were lost near line {mark.OpenLine}",
        Doubt.LifeBefore => "a page left that came in while another pool was at this address",
        Doubt.Race => "pages that left were printed before the pool said how many had, as other processors do and a changed line would",
        Doubt.TooMany => $"more than {ReleaseCounts.GapsMax} counts were missing at a time",
        Doubt.KindMissing => "an event that would decide it is never in the recording; perhaps it was not switched on",
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark.Why, "a claim that is open has a reason"),
    };

    private static string Nothing(Claim claim) =>
        claim == RecordingClaims.Owner || claim == RecordingClaims.Release ? "no page left"
        : claim == RecordingClaims.Hold || claim == RecordingClaims.Once ? "no page came in"
        : "the pool was not destroyed in the recording";

    private static string Pages(long count) => Quantity.Of(count, "page");

    private static string Seconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.###} s");
}
