using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>The life of one chunk in the model: hand-up, classification, references and bias (facts A.5.3, A.4.9, A.7).</summary>
public sealed class DqoModelTests
{
    private const int Chunk = 2048;

    /// <summary>At most one buffer is posted and a second one is free: buffer 0 is seen alone, and its page is never given up.</summary>
    private static readonly DqoConfiguration OneBuffer =
        new() { BufferSlots = 2, CompletionSlots = 2, BufferStates = 2, DoorbellBatch = 1 };

    [Fact]
    public void Two_chunks_with_no_frees_are_each_used_once()
    {
        HandUpAs(
            pageSize: 4096,
            ("", 0, 1, 0, 1, 'R'),
            ("", 1, 2, 0, 0, 'U'));
    }

    [Fact]
    public void Two_chunks_go_round_for_ever_when_the_previous_chunk_is_always_free()
    {
        HandUpAs(
            pageSize: 4096,
            ("", 0, 1, 0, 1, 'R'),
            ("0", 1, 1, 1, 0, 'R'),
            ("1", 0, 1, 0, 1, 'R'),
            ("0", 1, 1, 1, 0, 'R'));
    }

    [Fact]
    public void Eight_chunks_with_no_frees_are_each_used_once()
    {
        HandUpAs(
            pageSize: 16384,
            ("", 0, 1, 0, 1, 'R'),
            ("", 1, 2, 0, 2, 'R'),
            ("", 2, 3, 0, 3, 'R'),
            ("", 3, 4, 0, 4, 'R'),
            ("", 4, 5, 0, 5, 'R'),
            ("", 5, 6, 0, 6, 'R'),
            ("", 6, 7, 0, 7, 'R'),
            ("", 7, 8, 0, 0, 'U'));
    }

    [Fact]
    public void A_consumer_two_behind_stops_the_page_after_one_lap_though_most_chunks_are_free()
    {
        HandUpAs(
            pageSize: 16384,
            ("", 0, 1, 0, 1, 'R'),
            ("", 1, 2, 0, 2, 'R'),
            ("", 2, 3, 0, 3, 'R'),
            ("0", 3, 3, 0, 4, 'R'),
            ("1", 4, 3, 0, 5, 'R'),
            ("2", 5, 3, 0, 6, 'R'),
            ("3", 6, 3, 0, 7, 'R'),
            ("4", 7, 3, 0, 0, 'U'));
    }

    [Fact]
    public void A_page_goes_to_the_used_list_when_its_next_chunk_is_the_last_single_one()
    {
        // Chunk 3 is handed up alone, so the driver may use the seven that follow it blindly: 4, 5, 6, 7, 0, 1, 2.
        HandUpAs(
            pageSize: 16384,
            ("", 0, 1, 0, 1, 'R'),
            ("", 1, 2, 0, 2, 'R'),
            ("", 2, 3, 0, 3, 'R'),
            ("012", 3, 1, 3, 4, 'R'),
            ("", 4, 2, 3, 5, 'R'),
            ("", 5, 3, 3, 6, 'R'),
            ("", 6, 4, 3, 7, 'R'),
            ("", 7, 5, 3, 0, 'R'),
            ("", 0, 6, 3, 1, 'R'),
            ("", 1, 7, 3, 2, 'R'),
            ("", 2, 8, 3, 3, 'U'));
    }

    [Fact]
    public void A_page_of_one_chunk_goes_to_the_used_list_at_once()
    {
        var run = new DqoModelRun(OneBuffer with { ChunkSize = 4096, PageSize = 4096 });
        run.HandUp(size: 1000);

        Assert.Equal(DqoPlace.Used, run.Queue.Buffers[0].Place);
        Assert.Equal(0, run.Queue.Buffers[0].Offset);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1)]
    public void A_short_packet_is_copied_and_its_chunk_is_posted_again_unchanged(int size)
    {
        var run = new DqoModelRun(OneBuffer);
        run.HandUp(size: 1000);
        var before = run.Queue.Buffers[0];

        run.HandUp(size);

        // Running the classification here would see one reference, that of chunk 0, and record chunk 1 as the single one.
        Assert.Equal(before, run.Queue.Buffers[0]);
        Assert.Equal(new DqoBuffer(DqoPlace.Posted, new PageId(1), Chunk, LastSingle: 0, int.MaxValue - 1), before);
        Assert.Empty(run.Model.Held[1].Fragments);
        Assert.Equal(new DqoPacketFacts(size, size, Copied: true, Hash(2), DqoHashType.L4, ChecksumUnnecessary: true, 0), run.Model.Held[1].Facts);
        Assert.Equal(1, run.Model.Counters.Copied);
    }

    [Fact]
    public void A_packet_one_byte_above_the_copybreak_is_not_copied()
    {
        var run = new DqoModelRun(OneBuffer);
        run.HandUp(size: 257);

        Assert.Equal(new Fragment(new PageId(1), 0, 257), Assert.Single(run.Model.Held[0].Fragments));
        Assert.Equal(Chunk, run.Model.Held[0].Facts.Truesize);
    }

    [Fact]
    public void A_damaged_buffer_is_posted_again_unchanged_and_costs_budget()
    {
        var run = new DqoModelRun(OneBuffer);
        run.HandUp(size: 1000);
        var before = run.Queue.Buffers[0];

        run.Do(DqoOperation.Receive(1000, damaged: 1));
        var outcome = run.Do(DqoOperation.Poll());

        Assert.Equal(before, run.Queue.Buffers[0]);
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), outcome);
        Assert.Equal(1, run.Model.Counters.DescriptorErrors);
        Assert.False(run.Queue.Dropping);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    public void A_packet_without_an_skb_leaves_its_buffer_unchanged(int size)
    {
        var run = new DqoModelRun(OneBuffer);
        run.HandUp(size: 1000);
        var before = run.Queue.Buffers[0];

        run.Do(DqoOperation.Receive(size));
        var outcome = run.Do(DqoOperation.Poll(fault: DqoFault.Skb));

        Assert.Equal(before, run.Queue.Buffers[0]);
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), outcome);
        Assert.Equal(1, run.Model.Counters.SkbFailures);
        Assert.Equal(0, run.Model.Counters.Copied);
    }

    [Fact]
    public void The_last_prepaid_reference_is_replaced_by_what_the_limit_allows_beside_the_outstanding_ones()
    {
        var run = new DqoModelRun(OneBuffer with { BiasLimit = 3 });
        Assert.Equal(3, run.Queue.Buffers[0].Bias);
        run.HandUp(size: 1000);
        Assert.Equal(2, run.Queue.Buffers[0].Bias);
        run.Do(DqoOperation.Release());
        run.HandUp(size: 1000);
        Assert.Equal(1, run.Queue.Buffers[0].Bias);

        run.HandUp(size: 1000);

        // Chunks 1 and 0 are held: the page counts 3 again, two of them outstanding, one the driver's.
        Assert.Equal(2, run.Outstanding(1));
        Assert.Equal(1, run.Queue.Buffers[0].Bias);
    }

    [Fact]
    public void A_clone_is_a_packet_of_its_own_with_references_of_its_own()
    {
        var run = new DqoModelRun(OneBuffer);
        run.HandUp(size: 1000);

        Assert.Equal(1, run.Do(DqoOperation.Cloned()).Value);
        run.HandUp(size: 100);

        Assert.Equal([1, 2, 3], run.Model.Held.Select(packet => packet.Serial));
        Assert.Equal(2, run.Outstanding(1));
        Assert.Equal(2, run.Model.Delivered);
        Assert.Equal(1, run.Do(DqoOperation.Release()).Value);
        Assert.Equal(1, run.Outstanding(1));
    }

    [Fact]
    public void A_clone_must_leave_a_reference_for_every_chunk_of_the_page()
    {
        // One outstanding, one for the clone, two chunks: 4 of a limit of 4; the next clone would need 5.
        var run = new DqoModelRun(OneBuffer with { BiasLimit = 4 });
        run.HandUp(size: 1000);

        run.Do(DqoOperation.Cloned());

        Assert.False(run.Model.Allows(DqoOperation.Cloned()));
    }

    private static uint Hash(uint number) => unchecked(number * 2654435761u);

    /// <summary>Each row: chunks freed before, then chunk handed up, references after, last single, next chunk, list (A.7).</summary>
    private static void HandUpAs(int pageSize, params (string Frees, int Chunk, int References, int Last, int Next, char List)[] rows)
    {
        var run = new DqoModelRun(OneBuffer with { PageSize = pageSize });
        foreach (var row in rows)
        {
            foreach (var freed in row.Frees)
            {
                run.Do(DqoOperation.Release(run.HolderOf(page: 1, (freed - '0') * Chunk)));
            }

            run.HandUp(size: 1000);

            // A recycled buffer was posted again by the same poll, a used one was passed over for the free buffer.
            var place = row.List == 'R' ? DqoPlace.Posted : DqoPlace.Used;
            var buffer = run.Queue.Buffers[0];
            Assert.Equal(new Fragment(new PageId(1), row.Chunk * Chunk, 1000), run.Model.Held[^1].Fragments[0]);
            Assert.Equal(row.References, run.Outstanding(1));
            Assert.Equal((place, row.Next * Chunk, row.Last * Chunk), (buffer.Place, buffer.Offset, buffer.LastSingle));
        }
    }
}
