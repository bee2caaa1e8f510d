using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

/// <summary>The table "What is allowed" of docs/mana.md, as the model reads it.</summary>
public sealed class ManaModelAllowedTests
{
    private static readonly ManaConfiguration Fragments = ManaModelRun.Fragments;

    [Fact]
    public void Without_a_queue_there_is_nothing_to_receive_poll_or_take_down()
    {
        var run = new ManaModelRun(Fragments);
        run.Do(ManaOperation.Teardown());

        Assert.All(
            [ManaOperation.Receive(1), ManaOperation.Poll(), ManaOperation.Fence(), ManaOperation.Lied(ManaLie.SendQueue), ManaOperation.Teardown()],
            operation => Assert.False(run.Allows(operation)));
        Assert.True(run.Allows(ManaOperation.Create()));
        Assert.True(run.Allows(ManaOperation.Settle()));
    }

    [Fact]
    public void A_packet_has_bytes_and_a_verdict_and_needs_a_visible_buffer()
    {
        var run = new ManaModelRun(Fragments);
        Assert.False(run.Allows(ManaOperation.Receive(0)));
        Assert.False(run.Allows(ManaOperation.Receive(1, (ManaVerdict)8)));
        Assert.True(run.Allows(ManaOperation.Receive(65535, ManaVerdict.TxFails)));

        run.Do([.. Enumerable.Repeat(ManaOperation.Receive(1), 4)]);
        Assert.False(run.Allows(ManaOperation.Receive(1)));
        Assert.False(run.Allows(ManaOperation.Lied(ManaLie.NoLength)));
        // These take no buffer.
        Assert.True(run.Allows(ManaOperation.Lied(ManaLie.SendQueue)));
        Assert.True(run.Allows(ManaOperation.Lied(ManaLie.ForeignQueue)));
        Assert.True(run.Allows(ManaOperation.Fence()));
    }

    [Theory]
    [InlineData(ManaLie.Coalesced, 1, 1514)]
    [InlineData(ManaLie.NoLength, 1, 1514)]
    [InlineData(ManaLie.UnknownType, 1, 1514)]
    [InlineData(ManaLie.SendQueue, 1, 1514)]
    [InlineData(ManaLie.ForeignQueue, 1, 1514)]
    [InlineData(ManaLie.TooLong, 1515, 65535)]
    public void A_lie_has_a_length_of_its_own_kind(ManaLie lie, int least, int most)
    {
        var run = new ManaModelRun(Fragments);
        Assert.False(run.Allows(ManaOperation.Lied(lie, least - 1)));
        Assert.True(run.Allows(ManaOperation.Lied(lie, least)));
        Assert.True(run.Allows(ManaOperation.Lied(lie, most)));
        Assert.Equal(lie == ManaLie.TooLong, run.Allows(ManaOperation.Lied(lie, 1515)));
        Assert.False(run.Allows(ManaOperation.Lied((ManaLie)6)));
    }

    [Fact]
    public void A_completion_needs_a_place_in_its_queue()
    {
        var run = new ManaModelRun(Fragments with { CompletionSlots = 4 });
        run.Do(ManaOperation.Fence(), ManaOperation.Fence(), ManaOperation.Fence());
        Assert.True(run.Allows(ManaOperation.Receive(1)));
        run.Do(ManaOperation.Receive(1));

        AssertNoCompletion(run);
        run.Do(ManaOperation.Poll());
        Assert.True(run.Allows(ManaOperation.Fence()));
    }

    [Fact]
    public void Nothing_more_comes_when_packets_transmissions_frames_and_completions_are_as_many_as_may_be()
    {
        var run = new ManaModelRun(Fragments with { HeldMax = 4 }, program: true);
        run.Deliver(verdict: ManaVerdict.Pass);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.Deliver(verdict: ManaVerdict.Redirect);
        run.Do(ManaOperation.Receive(1));
        Assert.Equal(4, run.Model.Load);

        AssertNoCompletion(run);
        run.Do(ManaOperation.Return());
        Assert.True(run.Allows(ManaOperation.Receive(1)));
    }

    [Fact]
    public void A_poll_maps_where_the_driver_does()
    {
        foreach (bool isFragmented in (bool[])[false, true])
        {
            var run = new ManaModelRun(isFragmented ? Fragments : ManaModelRun.Pages);
            Assert.All([ManaFault.None, ManaFault.Page, ManaFault.Skb], fault => Assert.True(run.Allows(ManaOperation.Poll(fault))));
            Assert.Equal(!isFragmented, run.Allows(ManaOperation.Poll(ManaFault.Mapping)));
            Assert.False(run.Allows(ManaOperation.Poll(ManaFault.Resource)));
        }
    }

    [Fact]
    public void Only_what_is_held_comes_back()
    {
        var run = new ManaModelRun(Fragments, program: true);
        Assert.All(
            [ManaOperation.Release(), ManaOperation.Write(), ManaOperation.TxComplete(), ManaOperation.Return(), ManaOperation.Retry()],
            operation => Assert.False(run.Allows(operation)));

        run.Deliver(verdict: ManaVerdict.Pass);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.Deliver(packets: 2, verdict: ManaVerdict.Redirect);
        Assert.Equal([0], Enumerable.Range(0, 4).Where(pick => run.Allows(ManaOperation.Release(pick))));
        Assert.Equal([0], Enumerable.Range(0, 4).Where(pick => run.Allows(ManaOperation.Write(pick))));
        Assert.Equal([0], Enumerable.Range(0, 4).Where(pick => run.Allows(ManaOperation.TxComplete(pick))));
        Assert.Equal([0, 1], Enumerable.Range(0, 4).Where(pick => run.Allows(ManaOperation.Return(pick))));
        Assert.Equal([1, 2], Enumerable.Range(0, 4).Where(count => run.Allows(ManaOperation.Return(0, count))));
    }

    [Fact]
    public void As_many_frames_come_back_together_as_the_kernel_collects()
    {
        var run = new ManaModelRun(Fragments with { QueueSize = 32, CompletionSlots = 32, PollMax = 32, HeldMax = 32 }, program: true);
        run.Deliver(packets: 17, verdict: ManaVerdict.Redirect);

        Assert.True(run.Allows(ManaOperation.Return(0, count: 16)));
        Assert.False(run.Allows(ManaOperation.Return(0, count: 17)));
    }

    [Fact]
    public void A_queue_is_created_when_there_is_none_and_a_pool_more_may_wait()
    {
        var run = new ManaModelRun(Fragments);
        Assert.False(run.Allows(ManaOperation.Create()));
        run.Deliver();
        run.Do(ManaOperation.Teardown());
        Assert.True(run.Allows(ManaOperation.Retry()));
        Assert.False(run.Allows(ManaOperation.Retry(1)));
        run.Do(ManaOperation.Create());
        run.Deliver();
        run.Do(ManaOperation.Teardown());

        Assert.Equal(2, run.Model.Waiting.Length);
        Assert.False(run.Allows(ManaOperation.Create()));
        run.Do(ManaOperation.Release(), ManaOperation.Retry());
        Assert.True(run.Allows(ManaOperation.Create()));
    }

    [Fact]
    public void A_queue_is_created_with_a_program_when_that_goes_with_the_mtu()
    {
        // B.1: at most 3506 bytes on pages of 4096.
        foreach (int mtu in (int[])[3506, 3507])
        {
            var run = new ManaModelRun(Fragments with { Mtu = mtu });
            run.Do(ManaOperation.Teardown());
            Assert.Equal(mtu == 3506, run.Allows(ManaOperation.Create(program: true)));
            Assert.True(run.Allows(ManaOperation.Create()));
        }
    }

    [Fact]
    public void Creation_fails_where_it_takes_something()
    {
        var run = new ManaModelRun(Fragments);
        run.Do(ManaOperation.Teardown());

        Assert.True(run.Allows(ManaOperation.Create(fault: ManaFault.Page, after: 200)));
        Assert.True(run.Allows(ManaOperation.Create(fault: ManaFault.Mapping, after: 2)));
        Assert.False(run.Allows(ManaOperation.Create(fault: ManaFault.Skb)));
        Assert.Equal([0, 1, 3, 4, 5, 7], Enumerable.Range(0, 256).Where(step => run.Allows(ManaOperation.Create(fault: ManaFault.Resource, after: step))));
    }

    [Fact]
    public void What_is_no_operation_is_not_allowed() =>
        Assert.False(ManaModel.Start(Fragments).Allows(new ManaOperation((ManaOperationKind)Enum.GetValues<ManaOperationKind>().Length)));

    private static void AssertNoCompletion(ManaModelRun run) => Assert.All(
        [ManaOperation.Receive(1), ManaOperation.Fence(), ManaOperation.Lied(ManaLie.Coalesced), ManaOperation.Lied(ManaLie.SendQueue), ManaOperation.Lied(ManaLie.TooLong, 2000)],
        operation => Assert.False(run.Allows(operation)));
}
