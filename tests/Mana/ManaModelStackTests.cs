using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>What comes back to the model's pools from packets, transmissions and frames, and how everything ends (docs/mana.md, Stack).</summary>
public sealed class ManaModelStackTests
{
    private static readonly ManaConfiguration Fragments = ManaModelRun.Fragments;

    [Theory]
    [InlineData(PoolEra.Linux515, false, false)]
    [InlineData(PoolEra.Linux515, true, false)]
    [InlineData(PoolEra.Linux612, false, false)]
    [InlineData(PoolEra.Linux612, true, true)]
    public void An_skb_of_the_pool_gives_one_reference_back_where_it_is_freed(PoolEra era, bool local, bool cached)
    {
        foreach (var verdict in (ManaVerdict[])[ManaVerdict.Pass, ManaVerdict.Tx])
        {
            var run = new ManaModelRun(Fragments with { Era = era }, program: true);
            run.Deliver(verdict: verdict);

            var end = verdict == ManaVerdict.Tx ? ManaOperation.TxComplete(0, local) : ManaOperation.Release(0, local);
            Assert.Equal(default, run.Do(end));
            Assert.Equal((cached ? 1 : 0, cached ? 0 : 1), (run.Cache.Length, run.Ring.Length));
            Assert.Equal(0, run.Model.Load);
        }
    }

    [Fact]
    public void A_packet_among_several_is_let_go_and_the_others_keep_their_order()
    {
        var run = new ManaModelRun(ManaModelRun.Pages);
        run.Deliver(packets: 3);
        run.Do(ManaOperation.Release(1));

        Assert.Equal([1, 3], run.Model.Packets.Select(packet => packet.Serial));
        Assert.Equal([2], run.Ring);
    }

    [Fact]
    public void A_transmission_among_several_completes_and_the_others_keep_their_order()
    {
        var run = new ManaModelRun(Fragments, program: true);
        run.Deliver(packets: 3, verdict: ManaVerdict.Tx);
        run.Do(ManaOperation.TxComplete(1));

        Assert.Equal([1, 3], run.Model.Transmissions.Select(packet => packet.Number));
        Assert.Equal([2], run.Ring);
    }

    [Fact]
    public void Both_fragments_of_a_page_have_to_come_back_before_it_is_used_again()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver(packets: 2);
        run.Do(ManaOperation.Release(1, local: true));
        Assert.Empty(run.Cache);
        run.Do(ManaOperation.Release(0, local: true));
        Assert.Equal([1], run.Cache);

        // Page 3 is full, so the next two come from page 1 again.
        run.Deliver(packets: 2);
        Assert.Equal([(3, 0), (3, 1856), (1, 0), (1, 1856)], run.Slots);
    }

    [Fact]
    public void Frames_come_back_to_the_ring_wherever_they_were()
    {
        var run = new ManaModelRun(Fragments, program: true);
        run.Deliver(packets: 4, verdict: ManaVerdict.Redirect);
        Assert.Equal(4, run.Model.Load);

        Assert.Equal(default, run.Do(ManaOperation.Return(1, count: 2)));
        Assert.Equal([1, 4], run.Model.Frames.Select(frame => frame.Number));
        Assert.Equal([2, 3], run.Ring);
        Assert.Empty(run.Cache);
    }

    [Fact]
    public void Frames_of_two_queues_come_back_together_each_to_its_pool()
    {
        var run = new ManaModelRun(Fragments, program: true);
        run.Deliver(packets: 2, verdict: ManaVerdict.Redirect);
        run.Do(ManaOperation.Teardown(), ManaOperation.Create(program: true));
        run.Deliver(verdict: ManaVerdict.Redirect);

        // Pages 1 to 6 were the first pool's: four slots and two fresh ones.
        run.Do(ManaOperation.Return(0, count: 3));
        Assert.Equal([1, 2], ManaModelRun.Numbers(run.Model.Waiting[0].Ring.Pages));
        Assert.Equal([7], run.Ring);
    }

    [Fact]
    public void Writing_to_a_packet_is_nobody_elses_concern()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver();
        var before = run.Model;

        Assert.Equal(default, run.Do(ManaOperation.Write()));
        Assert.Equal(before, run.Model);
    }

    [Fact]
    public void Settling_polls_lets_go_and_hands_up_what_was_pending()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver();
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(200));

        Assert.Equal(new ManaOutcome(1, 2), run.Do(ManaOperation.Settle()));
        Assert.Equal([2, 3], run.Last.HandedUp.Select(packet => packet.Serial));
        ManaModelInvariants.AssertSettled(run.Model);
        Assert.Equal(3, run.Model.Delivered);
        Assert.Equal(default, run.Do(ManaOperation.Settle()));
    }

    [Fact]
    public void Settling_polls_twice_at_most()
    {
        var run = new ManaModelRun(Fragments with { PollMax = 1 });
        run.Do(ManaOperation.Receive(1), ManaOperation.Receive(2), ManaOperation.Receive(3));

        Assert.Equal(new ManaOutcome(2, 2), run.Do(ManaOperation.Settle()));
        Assert.Equal(3, Assert.Single(run.Queue.Completions).Number);
    }

    [Fact]
    public void Settling_lets_transmissions_end_first_then_frames_then_packets()
    {
        var run = new ManaModelRun(Fragments with { PoolCache = 1 }, program: true);
        run.Deliver(verdict: ManaVerdict.Pass);
        run.Deliver(verdict: ManaVerdict.Redirect);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.Deliver(verdict: ManaVerdict.Tx);
        Assert.Equal(4, run.Model.Load);

        Assert.Equal(default, run.Do(ManaOperation.Settle()));
        Assert.Equal([3, 4, 2, 1], run.Ring);
        ManaModelInvariants.AssertSettled(run.Model);
    }

    [Fact]
    public void Settling_that_keeps_what_is_held_polls_and_looks_again_only()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver(packets: 3);
        run.Do(ManaOperation.Teardown(), ManaOperation.Create(), ManaOperation.Receive(100));

        // One poll, and one look that finds nothing.
        Assert.Equal(new ManaOutcome(2, 1), run.Do(ManaOperation.Settle(keepsHeld: true)));
        Assert.Equal((4, 1), (run.Model.Packets.Length, run.Model.Waiting.Length));

        // Packets 1 and 2 were page 1, whose fragments come back; packet 3 keeps page 2: a look that finds one, and one that finds none.
        run.Do(ManaOperation.Release(), ManaOperation.Release());
        Assert.Equal(new ManaOutcome(2, 0), run.Do(ManaOperation.Settle(keepsHeld: true)));
        Assert.Equal(2, Assert.Single(run.Model.Waiting[0].Pages.Keys).Value);
    }

    [Fact]
    public void Settling_looks_after_every_waiting_pool_the_oldest_first()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver();
        run.Do(ManaOperation.Teardown(), ManaOperation.Create());
        run.Deliver();
        run.Do(ManaOperation.Teardown());

        // Kept, each pool is looked at once and stays; let go, each is gone with the first look.
        Assert.Equal(new ManaOutcome(2, 0), run.Do(ManaOperation.Settle(keepsHeld: true)));
        Assert.Equal([2, 2], run.Model.Waiting.Select(pool => pool.DestroyCount));
        Assert.Equal(new ManaOutcome(2, 0), run.Do(ManaOperation.Settle()));
        ManaModelInvariants.AssertSettled(run.Model);
    }
}
