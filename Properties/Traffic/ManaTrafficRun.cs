using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties.Mana;
using RxVerify.Properties.PagePool;

namespace RxVerify.Properties.Traffic;

/// <summary>A capture through a MANA queue; the lists are where the pages of its pool are.</summary>
internal sealed class ManaTrafficRun : TrafficRun<ManaConfiguration, ManaOperation, ManaTrafficReport>
{
    private readonly ManaTrafficOptions _options;
    private readonly ManaRun _run;
    private readonly TrafficLists _lists = new(["pages of the pool", "cache", "ring", "outside"]);
    private readonly HashSet<PageId> _postedOnce = [];
    private int _bornBefore;
    private long _postedBefore;
    private long _truncated;
    private int _pinnedPeak;

    public ManaTrafficRun(ManaTrafficOptions options)
        : this(options, ManaScheme.All.NewRun(options.Defect, options.Configuration, ClaimSet.All, options.WithModel))
    {
    }

    private ManaTrafficRun(ManaTrafficOptions options, ManaRun run)
        : base(ManaScheme.All, options, run)
    {
        _options = options;
        _run = run;
    }

    protected override NetworkStack Stack => World.Stack;

    protected override int Pending => World.Pending;

    protected override int Load => World.Load;

    protected override int LoadMax => _options.Configuration.HeldMax;

    /// <summary>A packet takes one buffer; what does not fit is cut off by the device.</summary>
    protected override int BuffersMax => 1;

    protected override int Budget => _options.Configuration.PollMax;

    /// <summary>The driver has no timer: a buffer without a replacement is posted again at once (B.4.3).</summary>
    protected override bool TimerArmed => false;

    protected override (long Completed, long Posted) Progress => (World.Queue.Counters.Completed, World.Queue.Counters.Posted);

    protected override ManaOperation PollOnce => ManaOperation.Poll();

    private ManaWorld World => _run.World;

    /// <summary>A world begins without a program: the queue is built again with one. What the first queue took is not the capture's.</summary>
    protected override void Begin()
    {
        if (_options.HasProgram && !IsBroken)
        {
            Try(ManaOperation.Teardown());
            _bornBefore = World.Memory.PagesBorn;
            _postedBefore = World.Queue.Counters.Posted;
            if (!IsBroken)
            {
                Try(ManaOperation.Create(program: true));
            }
        }

        if (!IsBroken)
        {
            Note();
        }
    }

    protected override int BuffersFor(int length) => 1;

    protected override ManaOperation Arrival(CapturedPacket packet, int buffers) => ManaOperation.Receive(packet.OriginalLength);

    protected override ManaOperation Release(int place) => ManaOperation.Release(place);

    protected override void Received(CapturedPacket packet) =>
        _truncated += World.Device.LogOf(World.Device.Written - 1).Type == ManaCompletionType.Truncated ? 1 : 0;

    protected override void Polled() => Note();

    protected override ManaTrafficReport End(bool wasStopped)
    {
        var counters = World.Queue.Counters;
        counters.Posted -= _postedBefore;
        var pool = World.Queue.Pool?.Counters ?? default;
        int pages = World.Memory.PagesBorn - _bornBefore;
        var layout = World.Queue.Layout;
        TakeDown();
        return new ManaTrafficReport
        {
            Options = _options,
            Layout = layout,
            Packets = Packets,
            Truncated = _truncated,
            Nanoseconds = Now,
            Operations = Operations,
            PagesAllocated = pages,
            PagesPinnedPeak = _pinnedPeak,

            // A queue without a program needs no more pages than one with: its peak hides nothing.
            PagesPeak = World.Memory.LivePagesPeak,
            PageBytes = World.Memory.PageSize,
            FreshPostings = _postedOnce.Count,
            Posted = counters.Posted,
            Counters = counters,
            Pool = pool,
            Lists = _lists.Series(),
            Finding = _run.Finding,
            FindingPacket = FindingPacket,
            Failure = FailureOf(_options.Configuration),
            WasStopped = wasStopped,
        };
    }

    private void Note()
    {
        // Between two polls each slot is posted at most once, so a page that was ever posted is seen in one.
        for (int slot = 0; slot < _options.Configuration.QueueSize; slot++)
        {
            ref readonly var buffer = ref World.Queue.SlotAt(slot);
            if (buffer.HasBuffer)
            {
                _postedOnce.Add(World.Memory.PageOf(buffer.Frame));
            }
        }

        var pool = World.Queue.Pool!;
        int ring = PoolObservation.Ring(pool).Count();
        int outside = pool.Inflight - pool.Cached - ring;
        _pinnedPeak = Math.Max(_pinnedPeak, outside);
        _lists.Note(Now, [pool.Inflight, pool.Cached, ring, outside]);
    }
}
