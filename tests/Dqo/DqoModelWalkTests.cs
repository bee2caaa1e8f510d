using System.Diagnostics;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>The model on random walks: what is allowed works, what is not is refused, and the invariants of A.7 hold.</summary>
public sealed class DqoModelWalkTests
{
    private const int Attempts = 20_000;

    private static readonly DqoConfiguration Small =
        new() { BufferSlots = 8, CompletionSlots = 8, BufferStates = 8, DoorbellBatch = 2, BiasLimit = 3, FragmentsMax = 2, StackCapacity = 12 };

    public static TheoryData<int, DqoConfiguration> Walks => new()
    {
        { 1, Small },
        { 2, Small with { BufferStates = 3, BufferSlots = 4, DoorbellBatch = 1 } },
        { 3, Small with { PageSize = 16384, BiasLimit = 10, UsedProbes = 1 } },
        { 4, Small with { BiasLimit = 4, QueuePageList = true, CopyThreshold = 4 } },
        { 5, Small with { ChunkSize = 4096, BufferStates = 12, CompletionSlots = 4, BiasLimit = int.MaxValue } },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void Allowed_operations_never_fail_and_the_invariants_hold_after_each(int seed, DqoConfiguration configuration)
    {
        var dice = new Random(seed);
        var model = new DqoModelRun(configuration).Model;
        var done = new HashSet<DqoOperationKind>();
        var refused = 0;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var operation = AnyOperation(dice);
            if (model.Allows(operation))
            {
                var step = model.After(operation);
                Assert.Equal(step.Outcome, model.After(operation).Outcome);
                Assert.Equal(step.Outcome.Delivered, step.Delivered.Length);
                model = step.Next;
                AssertInvariants(model);
                done.Add(operation.Kind);
            }
            else if (refused < 200)
            {
                refused++;
                Assert.Throws<UnreachableException>(() => model.After(operation));
            }
        }

        Assert.Equal(Enum.GetValues<DqoOperationKind>().Order(), done.Order());
    }

    private static DqoOperation AnyOperation(Random dice) => dice.Next(16) switch
    {
        <= 4 => DqoOperation.Receive(
            dice.Next(1, dice.Next(2) == 0 ? 300 : 6000),
            buffers: dice.Next(1, 4),
            pick: dice.Next(8),
            damaged: dice.Next(4) == 0 ? 1 : 0,
            (DqoTraits)dice.Next(16),
            late: dice.Next(3) == 0),
        <= 8 => DqoOperation.Poll(dice.Next(1, 9), (DqoFault)dice.Next(6), dice.Next(3), dropsAtOnce: dice.Next(4) == 0),
        <= 10 => DqoOperation.Release(dice.Next(6)),
        11 => dice.Next(2) == 0 ? DqoOperation.Post((DqoFault)dice.Next(6)) : DqoOperation.Refill((DqoFault)dice.Next(6), dice.Next(3)),
        12 => DqoOperation.Cloned(dice.Next(6)),
        13 => DqoOperation.Lied((DqoLie)dice.Next(5), dice.Next(4), dice.Next(1, 5000), endOfPacket: dice.Next(2) == 0),
        14 => dice.Next(8) == 0 ? DqoOperation.Teardown() : DqoOperation.Settle(keepsPackets: dice.Next(2) == 0),
        _ => DqoOperation.Create((DqoFault)dice.Next(6), dice.Next(6)),
    };

    private static void AssertInvariants(DqoModel model)
    {
        if (model.Queue is not { } queue)
        {
            return;
        }

        AssertEachBufferIsInOnePlace(queue);

        // I6: one buffer slot stays empty, and each posted buffer has a completion slot.
        Assert.InRange(queue.Posted, 0, Math.Min(model.Configuration.BufferSlots - 1, model.Configuration.CompletionSlots));

        // I4: the driver never owns less than one reference on its page, nor more than the limit.
        foreach (var buffer in queue.Buffers.Where(buffer => buffer.Page != PageId.None))
        {
            Assert.InRange(buffer.Bias, 1, model.Configuration.BiasLimit);
        }

        // I2: a page belongs to one buffer.
        var pages = queue.Buffers.Where(buffer => buffer.Page != PageId.None).Select(buffer => buffer.Page).ToList();
        Assert.Equal(pages.Count, pages.Distinct().Count());

        AssertNobodyReadsWhatTheDeviceMayWrite(model, queue);
    }

    /// <summary>I1: the lists are disjoint, they agree with each buffer's place, and a free buffer owns nothing.</summary>
    private static void AssertEachBufferIsInOnePlace(DqoQueueModel queue)
    {
        var listed = new Dictionary<int, DqoPlace>();
        AddAll(queue.Free, DqoPlace.Free);
        AddAll(queue.Recycled, DqoPlace.Recycled);
        AddAll(queue.Used, DqoPlace.Used);
        for (var id = 0; id < queue.Buffers.Length; id++)
        {
            Assert.Equal(listed.GetValueOrDefault(id, DqoPlace.Posted), queue.Buffers[id].Place);
        }

        Assert.All(queue.Free, id => Assert.Equal(default, queue.Buffers[id]));
        Assert.All(queue.Visible.Concat(queue.Unrung), id => Assert.True(queue.IsPosted(id)));

        void AddAll(IEnumerable<int> list, DqoPlace place)
        {
            foreach (var id in list)
            {
                listed.Add(id, place);
            }
        }
    }

    /// <summary>I3: no fragment lies on a chunk that the device has or will see.</summary>
    private static void AssertNobodyReadsWhatTheDeviceMayWrite(DqoModel model, DqoQueueModel queue)
    {
        var read = model.Held.SelectMany(packet => packet.Fragments).Concat(queue.Assembly?.Fragments ?? [])
            .Select(fragment => (fragment.Page, fragment.Offset)).ToHashSet();
        foreach (var id in queue.Visible.Concat(queue.Unrung))
        {
            Assert.DoesNotContain((queue.Buffers[id].Page, queue.Buffers[id].Offset), read);
        }
    }
}

/// <summary>A model on its way through a test.</summary>
internal sealed class DqoModelRun(DqoConfiguration configuration)
{
    public DqoModel Model { get; private set; } = Checked(configuration);

    public DqoQueueModel Queue => Model.Queue!;

    /// <summary>Does the operations and returns what the last one returned.</summary>
    public DqoOutcome Do(params DqoOperation[] operations)
    {
        var outcome = default(DqoOutcome);
        foreach (var operation in operations)
        {
            var step = Model.After(operation);
            Model = step.Next;
            outcome = step.Outcome;
        }

        return outcome;
    }

    /// <summary>One packet in one buffer is received and handed up.</summary>
    public void HandUp(int size)
    {
        Do(DqoOperation.Receive(size));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 1), Do(DqoOperation.Poll()));
    }

    public int Outstanding(int page) => Model.Held.Sum(packet => packet.Fragments.Count(fragment => fragment.Page.Value == page));

    /// <summary>The place among the held packets of the first one with a fragment here.</summary>
    public int HolderOf(int page, int offset)
    {
        var holder = Model.Held.First(packet => packet.Fragments.Any(fragment => fragment.Page.Value == page && fragment.Offset == offset));
        return Model.Held.IndexOf(holder);
    }

    private static DqoModel Checked(DqoConfiguration configuration)
    {
        Assert.Null(configuration.Fault());
        return DqoModel.Start(configuration);
    }
}
