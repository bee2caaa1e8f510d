using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Memory;

public sealed unsafe class StateBlockTests
{
    private const int Steps = 200;

    // As many frames as can be born in the run, so that none is used twice: payload, and with it the poison that is looked for
    // when a frame is used again, is not part of the state.
    private static readonly DqoConfiguration Small = new()
    {
        BufferSlots = 8,
        CompletionSlots = 8,
        BufferStates = 12,
        BiasLimit = 5,
        DoorbellBatch = 2,
        Copybreak = 16,
        FragmentsMax = 2,
        StackCapacity = 3000,
    };

    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void A_block_begins_as_zeros_and_is_as_large_as_its_parts()
    {
        // 3 bytes, then 5 longs on the next multiple of 8: 8 + 40, in whole cache lines of 64.
        using var block = new StateBlock(new Part<byte>(3), new Part<long>(5));
        Assert.Equal(64, block.Size);
        Assert.Equal(-1, block.Bytes.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Each_part_has_memory_of_its_own_on_a_multiple_of_eight()
    {
        var first = new Part<byte>(3);
        var second = new Part<long>(5);
        using var block = new StateBlock(first, second);
        Assert.Equal(8, (byte*)second.Values - first.Values);

        new Span<byte>(first.Values, 3).Fill(0xff);
        Assert.Equal(0, second.Values[0]);
        second.Values[4] = -1;
        Assert.Equal([0xff, 0xff, 0xff], block.Bytes[..3].ToArray());
        Assert.Equal(0xff, block.Bytes[47]);
    }

    [Fact]
    public void A_snapshot_brings_back_what_was_and_clearing_brings_back_the_start()
    {
        var part = new Part<int>(4);
        using var block = new StateBlock(part);
        part.Values[2] = 17;
        byte[] snapshot = new byte[block.Size];
        block.Save(snapshot);
        part.Values[2] = 18;
        Assert.False(block.Bytes.SequenceEqual(snapshot));

        block.Restore(snapshot);
        Assert.Equal(17, part.Values[2]);
        Assert.True(block.Bytes.SequenceEqual(snapshot));

        block.Clear();
        Assert.Equal(0, part.Values[2]);
    }

    [Fact]
    public void A_snapshot_may_lie_in_a_larger_buffer()
    {
        var part = new Part<int>(1);
        using var block = new StateBlock(part);
        part.Values[0] = 5;
        byte[] buffer = new byte[block.Size + 10];
        block.Save(buffer);
        block.Clear();
        block.Restore(buffer);
        Assert.Equal(5, part.Values[0]);
    }

    [Fact]
    public void Two_worlds_at_the_start_are_equal_and_one_step_makes_them_differ()
    {
        using var one = new DqoWorld<RightRules>(Small);
        using var other = new DqoWorld<RightRules>(Small);
        Assert.True(one.State.Bytes.SequenceEqual(other.State.Bytes));

        one.Apply(DqoOperation.Receive(100));
        Assert.False(one.State.Bytes.SequenceEqual(other.State.Bytes));
        other.Apply(DqoOperation.Receive(100));
        Assert.True(one.State.Bytes.SequenceEqual(other.State.Bytes));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_world_restored_from_another_in_mid_run_goes_on_exactly_as_that_one(ulong seed)
    {
        using var original = Begun(seed);
        using var restored = new DqoWorld<RightRules>(Small);
        byte[] snapshot = new byte[original.State.Size];
        original.State.Save(snapshot);
        restored.State.Restore(snapshot);

        var generator = new DqoGenerator(seed + 1000, DqoScope.Hostile);
        for (int step = 0; step < Steps; step++)
        {
            var operation = Next(ref generator, original);
            Assert.True(restored.Allows(operation), $"step {step}: {operation}");
            Assert.Equal(original.Apply(operation), restored.Apply(operation));
            Assert.True(original.State.Bytes.SequenceEqual(restored.State.Bytes), $"the worlds differ after step {step}, {operation}");
        }

        Assert.Equal(TrapKind.None, original.Memory.Trap.Kind);
        Assert.True(original.Memory.PagesBorn <= original.Memory.Frames, "no frame was used twice");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_world_taken_back_to_mid_run_repeats_itself(ulong seed)
    {
        using var world = Begun(seed);
        byte[] snapshot = new byte[world.State.Size];
        world.State.Save(snapshot);
        var generator = new DqoGenerator(seed + 2000, DqoScope.Hostile);
        List<(DqoOperation Operation, DqoOutcome Outcome)> run = [];
        for (int step = 0; step < Steps; step++)
        {
            var operation = Next(ref generator, world);
            run.Add((operation, world.Apply(operation)));
        }

        byte[] end = world.State.Bytes.ToArray();
        world.State.Restore(snapshot);
        foreach (var (operation, outcome) in run)
        {
            Assert.Equal(outcome, world.Apply(operation));
        }

        Assert.True(world.State.Bytes.SequenceEqual(end));
    }

    [Fact]
    public void A_restarted_world_is_a_new_one()
    {
        using var used = Begun(seed: 9);
        using var fresh = new DqoWorld<RightRules>(Small);
        Assert.False(used.State.Bytes.SequenceEqual(fresh.State.Bytes));
        used.Restart();
        Assert.True(used.State.Bytes.SequenceEqual(fresh.State.Bytes));
    }

    private static DqoWorld<RightRules> Begun(ulong seed)
    {
        var world = new DqoWorld<RightRules>(Small);
        var generator = new DqoGenerator(seed, DqoScope.Hostile);
        for (int step = 0; step < Steps; step++)
        {
            world.Apply(Next(ref generator, world));
        }

        return world;
    }

    private static DqoOperation Next(ref DqoGenerator generator, DqoWorld world)
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            var operation = generator.Next(world);
            if (world.Allows(operation))
            {
                return operation;
            }
        }

        return DqoOperation.Settle();
    }

    private sealed class Part<T>(int count) : StatePart
        where T : unmanaged
    {
        public T* Values { get; private set; }

        protected override void Lay(ref BlockCursor cursor) => Values = cursor.Take<T>(count);
    }

    [Fact]
    public void A_snapshot_can_be_continued_in_another_world_when_neither_looks_at_payload()
    {
        var configuration = new DqoConfiguration
        {
            BufferSlots = 4,
            CompletionSlots = 4,
            BufferStates = 4,
            BiasLimit = 5,
            DoorbellBatch = 1,
            Copybreak = 16,
            StackCapacity = 4,
        };
        using var world = WithoutPayload(configuration);
        using var other = WithoutPayload(configuration);
        byte[] snapshot = new byte[world.State.Size];
        var generator = new DqoGenerator(5, DqoScope.None);
        for (int round = 0; round < 50; round++)
        {
            world.State.Save(snapshot);
            other.State.Restore(snapshot);
            for (int step = 0; step < 100; step++)
            {
                var operation = generator.Next(world);
                if (world.Allows(operation))
                {
                    world.Apply(operation);
                    other.Apply(operation);
                }
            }

            Assert.Equal(TrapKind.None, other.Memory.Trap.Kind);
            Assert.True(world.State.Bytes.SequenceEqual(other.State.Bytes), $"round {round}: the two worlds differ");
        }
    }

    private static DqoWorld<RightRules> WithoutPayload(DqoConfiguration configuration)
    {
        var world = new DqoWorld<RightRules>(configuration);
        world.Device.WritesPayload = false;
        world.Memory.KeepsPoison = false;
        return world;
    }
}
