using System.Runtime.InteropServices;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>A capture through a DQO queue; the lists are the four places of buffer states.</summary>
internal sealed class DqoTrafficRun : TrafficRun<DqoConfiguration, DqoOperation, DqoTrafficReport>
{
    private static readonly DqoPlace[] Shown = [DqoPlace.Posted, DqoPlace.Recycled, DqoPlace.Used, DqoPlace.Free];

    private readonly DqoTrafficOptions _options;
    private readonly DqoRun _run;
    private readonly TrafficLists _lists = new(["posted", "recycled list", "used list", "free stack"]);

    public DqoTrafficRun(DqoTrafficOptions options)
        : this(options, DqoScheme.All.NewRun(options.Defect, options.Configuration, ClaimSet.All, options.WithModel))
    {
    }

    private DqoTrafficRun(DqoTrafficOptions options, DqoRun run)
        : base(DqoScheme.All, options, run)
    {
        _options = options;
        _run = run;
    }

    protected override NetworkStack Stack => World.Stack;

    protected override int Pending => World.Pending;

    protected override int Load => World.Load;

    protected override int LoadMax => _options.Configuration.StackCapacity;

    protected override int BuffersMax => Math.Min(DqoTrafficOptions.BuffersMax, _options.Configuration.PostedMax);

    protected override int Budget => _options.BatchPackets;

    protected override bool TimerArmed => World.Queue.TimerArmed;

    protected override (long Completed, long Posted) Progress => (World.Queue.Counters.Completed, World.Queue.Counters.Posted);

    protected override DqoOperation PollOnce => DqoOperation.Poll(_options.BatchPackets);

    private DqoWorld World => _run.World;

    protected override void Begin() => Note();

    protected override int BuffersFor(int length) => (int)(((long)length + _options.Configuration.ChunkSize - 1) / _options.Configuration.ChunkSize);

    protected override DqoOperation Arrival(CapturedPacket packet, int buffers) =>
        DqoOperation.Receive(packet.OriginalLength, buffers, traits: TrafficTraits.Of(packet.Protocol));

    protected override DqoOperation Release(int place) => DqoOperation.Release(place);

    protected override void Polled() => Note();

    protected override DqoTrafficReport End(bool wasStopped)
    {
        // The pages of a list are allocated all at once; which of them were posted is seen on the states.
        int listed = 0;
        foreach (ref readonly var state in World.Queue.States)
        {
            listed += state.HasPage ? 1 : 0;
        }

        var counters = World.Queue.Counters;
        int pages = World.Memory.PagesBorn;
        TakeDown();
        return new DqoTrafficReport
        {
            Options = _options,
            Packets = Packets,
            Nanoseconds = Now,
            Operations = Operations,
            PagesAllocated = pages,
            PagesPeak = World.Memory.LivePagesPeak,
            PageBytes = World.Memory.PageSize,
            FreshPostings = _options.Configuration.QueuePageList ? listed : pages,
            Posted = counters.Posted,
            Counters = counters,
            Lists = _lists.Series(),
            Finding = _run.Finding,
            FindingPacket = FindingPacket,
            Failure = FailureOf(_options.Configuration),
            WasStopped = wasStopped,
        };
    }

    private void Note()
    {
        var places = MemoryMarshal.Cast<DqoPlace, byte>(_run.Witness.Places);
        Span<int> lengths = stackalloc int[Shown.Length];
        for (int list = 0; list < Shown.Length; list++)
        {
            lengths[list] = places.Count((byte)Shown[list]);
        }

        _lists.Note(Now, lengths);
    }
}
