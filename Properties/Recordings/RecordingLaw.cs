using RxVerify.Explorer;
using RxVerify.Model.PagePool;

namespace RxVerify.Properties.Recordings;

/// <summary>Holds the events of a recording against the claims, one by one, in memory that grows with pools and pages held only.</summary>
/// <remarks>
/// Doubt is local: each count of a pool remembers how often events had been lost when it was last known, and is taken afresh from the
/// next event that prints it. Events of a processor are lost between its last line and the line that says so, so what broke in
/// that stretch is taken back.
/// </remarks>
internal sealed partial class RecordingLaw
{
    private readonly Dictionary<ulong, PoolAtAddress> _pools = [];
    private readonly List<PoolLife> _lives = [];
    private readonly HeldPages _pages = new();
    private readonly TaskNames _tasks = new();
    private readonly List<Breach> _breaches = [];
    private readonly List<(long Line, long Time)> _lastOfProcessor = [];
    private readonly long[] _events = new long[Enum.GetValues<RecordedKind>().Length];
    private int _epoch;
    private long _lossLine;
    private long _line;
    private long _firstTime;
    private long _lastTime;

    /// <summary>One address at which pools are, one after the other.</summary>
    private sealed class PoolAtAddress(PoolLife first)
    {
        public PoolLife Current { get; set; } = first;

        public PoolLife? Before { get; set; }

        public InflightCurve Curve { get; } = new();
    }

    /// <summary>A claim that broke, as long as it may be taken back.</summary>
    /// <param name="Life">Of which life.</param>
    /// <param name="Claim">Which.</param>
    /// <param name="Line">Where.</param>
    /// <param name="Needs">The kind of event without which nothing broke, but that kind was not recorded.</param>
    private readonly record struct Breach(PoolLife Life, Claim Claim, long Line, RecordedKind? Needs);

    /// <summary>One event.</summary>
    public void Note(long line, in RecordedEvent found)
    {
        _line = line;
        bool isBack = Timed(found);
        _events[(int)found.Kind]++;
        var life = found.Kind switch
        {
            RecordedKind.Hold => NoteHold(found),
            RecordedKind.Release => NoteRelease(found),
            RecordedKind.Look => NoteLook(found),
            _ => Current(found.Pool),
        };
        if (life is null)
        {
            return;
        }

        (life.LastLine, life.LastTime) = (line, found.Time);
        if (isBack)
        {
            Break(life, RecordingClaims.Order, $"on processor {found.Processor} a line of an earlier time follows line {_lastOfProcessor[found.Processor].Line}");
        }
        else
        {
            life.Holding(RecordingClaims.Order);
        }

        var (_, latest) = _lastOfProcessor[found.Processor];
        _lastOfProcessor[found.Processor] = (line, Math.Max(latest, found.Time));
    }

    /// <summary>Events were lost between two lines.</summary>
    /// <param name="line">The line that says so.</param>
    /// <param name="since">The line after which they may have happened.</param>
    public void Lose(long line, long since)
    {
        _epoch++;
        _lossLine = line;
        for (int i = _breaches.Count - 1; i >= 0 && _breaches[i].Line > since; i--)
        {
            TakeBack(_breaches[i], Doubt.Lost);
            _breaches.RemoveAt(i);
        }
    }

    /// <summary>The last line of a processor, or of the processor that was silent longest for -1; 0 when it has none.</summary>
    public long LastLineOf(int processor) => processor >= 0
        ? processor < _lastOfProcessor.Count ? _lastOfProcessor[processor].Line : 0
        : _lastOfProcessor.Count > 0 ? _lastOfProcessor.Min(last => last.Line) : 0;

    private static void TakeBack(Breach breach, Doubt why)
    {
        ref var mark = ref breach.Life.MarkOf(breach.Claim);
        breach.Life.Undecided(breach.Claim, why, breach.Line);
        mark.Broken = 0;
        mark.Detail = null;
    }

    /// <summary>Keeps the clock of the processor. True when it ran back.</summary>
    private bool Timed(in RecordedEvent found)
    {
        while (_lastOfProcessor.Count <= found.Processor)
        {
            _lastOfProcessor.Add((0, long.MinValue));
        }

        _firstTime = _events.AsSpan().IndexOfAnyExcept(0) < 0 ? found.Time : Math.Min(_firstTime, found.Time);
        _lastTime = Math.Max(_lastTime, found.Time);
        return found.Time < _lastOfProcessor[found.Processor].Time;
    }

    /// <summary>A claim broke. The first time of each life is told; the others are counted.</summary>
    private void Break(PoolLife life, Claim claim, string detail, RecordedKind? needs = null)
    {
        ref var mark = ref life.MarkOf(claim);
        if (mark.Broken++ == 0)
        {
            (mark.Detail, mark.DetailLine) = (detail, _line);
            _breaches.Add(new Breach(life, claim, _line, needs));
        }
    }

    private PoolLife Begin(in RecordedEvent found, bool isWhole)
    {
        bool isKnown = _pools.TryGetValue(found.Pool, out var address);
        int number = isKnown ? address!.Current.Number + 1 : 1;
        var life = new PoolLife(_lives.Count, found.Pool, number, isWhole, _epoch, _line, found.Time);
        _lives.Add(life);
        if (isKnown)
        {
            address!.Current.IsClosed |= !address.Current.IsOver;
            address.Current.IsSucceeded = isWhole && address.Current.OverEpoch == _epoch;
            address.Before = address.Current;
            address.Current = life;
        }
        else
        {
            address = new PoolAtAddress(life);
            _pools.Add(found.Pool, address);
        }

        if (isWhole)
        {
            address.Curve.Note(found.Time, 0);
        }

        return life;
    }

    private void Draw(PoolLife life, long time, int inflight)
    {
        life.Peak = Math.Max(life.Peak, inflight);
        _pools[life.Pool].Curve.Note(time, inflight);
    }

    private PoolLife? Current(ulong pool) => _pools.GetValueOrDefault(pool)?.Current;

    /// <summary>A pool counts what is left: a look (C.5.2).</summary>
    private PoolLife NoteLook(in RecordedEvent found)
    {
        var life = Current(found.Pool);
        bool isNext = life is null;
        if (life is { IsOver: true })
        {
            if (life.OverEpoch == _epoch)
            {
                Break(life, RecordingClaims.End, $"the pool is looked at again after inflight=0 in line {life.OverLine}");
                return life;
            }

            isNext = true;
        }
        else if (life is not null && life.IsHoldKnown && life.HoldEpoch != _epoch && (int)(found.Ledger.Hold - life.Ledger.Hold) < 0)
        {
            isNext = true;
        }

        life = isNext ? Begin(found, isWhole: false) : life!;
        life.Looks++;
        CheckInflight(life, found);
        CheckLooks(life, found);
        life.FirstLookTime = life.LastLook is null ? found.Time : life.FirstLookTime;
        life.LastLook = new RecordedLook(found.Time, found.Inflight, found.Ledger);
        if (PoolLedger.FateOf(found.Inflight) == PoolFate.Gone)
        {
            (life.OverLine, life.OverEpoch) = (_line, _epoch);
            life.Holding(RecordingClaims.End);
        }

        Draw(life, found.Time, found.Ledger.Inflight);
        return life;
    }

    private void CheckInflight(PoolLife life, in RecordedEvent found)
    {
        var printed = found.Ledger;
        bool isDoubtful = life.HoldEpoch != _epoch || !life.IsHoldKnown;
        if (found.Inflight != printed.Inflight)
        {
            Break(life, RecordingClaims.Inflight, $"inflight={found.Inflight}, but hold={printed.Hold} less release={printed.Release} is {printed.Inflight}");
        }
        else if (found.Inflight < 0)
        {
            Break(life, RecordingClaims.Inflight, $"inflight={found.Inflight}: more pages left than came in");
        }
        else if (!isDoubtful && printed.Hold != life.Ledger.Hold)
        {
            Break(life, RecordingClaims.Inflight, $"hold={printed.Hold}, but {Quantity.Of(life.Ledger.Hold, "page has", "pages have")} come in");
        }
        else
        {
            CheckReleased(life, printed.Release, found.Inflight);
        }

        (life.IsHoldKnown, life.HoldEpoch) = (true, _epoch);
        life.Ledger = life.Ledger with { Hold = printed.Hold };
    }

    /// <summary>The counts of pages that left against the one that the pool read: on other processors pages may leave between its reading and its printing.</summary>
    private void CheckReleased(PoolLife life, uint printed, int inflight)
    {
        bool isLost = life.ReleaseEpoch != _epoch;
        bool isKnown = life.Releases.IsKnown && !isLost;
        int ahead = life.Releases.IsKnown ? (int)(life.Releases.Highest - printed) : 0;
        life.Releases.Owe(printed);
        if (isLost)
        {
            life.Releases.Forgive();
            life.ReleaseEpoch = _epoch;
        }

        if (isKnown && ahead > 0 && inflight == 0)
        {
            Break(life, RecordingClaims.Inflight, $"release={printed}, but release={life.Releases.Highest} was printed before");
        }
        else if (isKnown && ahead > 0)
        {
            life.Undecided(RecordingClaims.Inflight, Doubt.Race, _line);
        }
        else
        {
            life.Holding(RecordingClaims.Inflight);
        }

        if (life.LastLook is { } last && isKnown && (int)(printed - last.Ledger.Release) < 0)
        {
            Break(life, RecordingClaims.Inflight, $"release={printed} after release={last.Ledger.Release} at the look before");
        }

        life.Ledger = life.Ledger with { Release = life.Releases.Highest };
    }

    private void CheckLooks(PoolLife life, in RecordedEvent found)
    {
        int expected = life.Ledger.Looked().Looks;
        bool isKnown = life.AreLooksKnown && life.LookEpoch == _epoch;
        if (found.Ledger.Looks == expected)
        {
            life.Holding(RecordingClaims.Looks);
        }
        else if (isKnown || found.Ledger.Looks < expected)
        {
            Break(life, RecordingClaims.Looks, $"cnt={found.Ledger.Looks}, but the look after {Counted(life.Ledger.Looks)} counts {expected}");
        }
        else
        {
            life.Undecided(RecordingClaims.Looks, life.AreLooksKnown ? Doubt.Lost : Doubt.Joined, _line);
        }

        (life.AreLooksKnown, life.LookEpoch) = (true, _epoch);
        life.Ledger = life.Ledger with { Looks = found.Ledger.Looks };
    }

    private static string Counted(int looks) => looks == 0 ? "none" : $"cnt={looks}";
}
