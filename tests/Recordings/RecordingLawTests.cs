using RxVerify.Properties;
using RxVerify.Properties.Recordings;

namespace RxVerify.Tests.Recordings;

/// <summary>Each claim: what keeps it, what breaks it, and what is told of that.</summary>
public sealed class RecordingLawTests
{
    private const ulong Other = 0x33d0829c;

    [Fact]
    public void The_claims_are_numbered_in_order_and_say_sentence_and_harm()
    {
        Assert.Equal(Enumerable.Range(0, RecordingClaims.All.Count), RecordingClaims.All.Select(claim => claim.Number));
        Assert.All(RecordingClaims.All, claim => Assert.EndsWith(".", claim.Sentence, StringComparison.Ordinal));
        Assert.All(RecordingClaims.All, claim => Assert.NotEmpty(claim.Harm));
    }

    [Fact]
    public void A_whole_life_keeps_every_claim() => AllHeld(new Recorded().Life(10));

    [Fact]
    public void Two_pools_may_be_alive_at_a_time_and_a_page_may_go_from_one_to_the_other() =>
        AllHeld(new Recorded().Holds(1, 2).Hold(3, 1, Other).Release(1, 1).Hold(1, 2, Other).Release(2, 2).Look(0, 2, 2, 1)
            .Release(3, 1, Other).Release(1, 2, Other).Look(0, 2, 2, 1, Other));

    [Fact]
    public void An_address_is_used_again_by_a_new_life()
    {
        var report = new Recorded().Life(3).Life(5).Life(2).Read();
        Assert.Equal([(1, 3L), (2, 5L), (3, 2L)], report.Lives.Select(life => (life.Life, life.CameIn)));
        Assert.False(report.IsBroken || report.IsUndecided);
    }

    [Theory]
    [InlineData(1u, 3u, "hold=3 after hold=1")]
    [InlineData(2u, 2u, "hold=2 after hold=2")]
    [InlineData(3u, 2u, "hold=2 after hold=3")]
    public void Hold_counts_go_up_by_one(uint before, uint then, string because)
    {
        var recorded = new Recorded();
        for (uint count = 1; count <= before; count++)
        {
            recorded.Hold((int)count, count);
        }

        Broken(recorded.Hold(100, then), RecordingClaims.Hold, because, line: before + 1);
    }

    [Fact]
    public void Hold_counts_wrap()
    {
        // Joined at the end of 32 bits, since nobody records four thousand million pages for a test.
        var recorded = new Recorded().Hold(1, uint.MaxValue - 1).Hold(2, uint.MaxValue).Hold(3, 0).Hold(4, 1);
        Assert.Equal((ClaimState.Held, 3L), (recorded.Verdict(RecordingClaims.Hold).State, 4 - recorded.Read().Lives[0].Lines.First));
        Assert.Single(recorded.Read().Lives);
    }

    [Fact]
    public void A_pool_cannot_begin_again_before_it_ended()
    {
        Broken(new Recorded().Holds(1, 3).Hold(9, 1), RecordingClaims.Hold, "hold=1 after hold=3, though the pool had not ended and 3 of its pages are outside", line: 4);
        Broken(new Recorded().Life(2).Holds(1, 3).Releases(1, 3).Hold(9, 1), RecordingClaims.Hold, "hold=1 after hold=3, though the pool had not ended and 0 of its pages", line: 12, life: 1);
    }

    [Fact]
    public void A_page_that_comes_in_is_held_by_no_pool()
    {
        Broken(
            new Recorded().Hold(7, 1).Release(7, 1).Hold(7, 2).On(3).Hold(7, 1, Other), RecordingClaims.Once,
            "page 0x110007 comes in, but pool 80b98fda holds it since line 3 (processor 0, task ping-9809)", line: 4, life: 1);
        Broken(new Recorded().Holds(1, 2).Release(2, 1).Hold(1, 3), RecordingClaims.Once, "page 0x110001 comes in, but pool 80b98fda holds it since line 1", line: 4);
    }

    [Fact]
    public void A_page_that_leaves_was_held_by_that_pool()
    {
        Broken(new Recorded().Holds(1, 2).Release(3, 1), RecordingClaims.Owner, "page 0x110003 leaves, but no pool holds it", line: 3);
        Broken(new Recorded().Holds(1, 2).Hold(3, 1, Other).Release(3, 1), RecordingClaims.Owner, "page 0x110003 leaves, but pool 33d0829c holds it since line 3", line: 4);
        Broken(new Recorded().Holds(1, 2).Release(1, 1).Release(1, 2), RecordingClaims.Owner, "page 0x110001 leaves, but no pool holds it", line: 4);
    }

    [Fact]
    public void A_page_keeps_its_descriptor()
    {
        string text = new Recorded().Hold(1, 1).Text + new Recorded { Microseconds = 1_300_000_000 }.Release(1, 1).Text.Replace("netmem=00000000f5fbc040", "netmem=00000000f5fbc080", StringComparison.Ordinal);
        var verdict = Recorded.Read(text).Lives[0].Verdicts.Single(verdict => verdict.Claim == RecordingClaims.Owner);
        Assert.Equal((ClaimState.Broken, "page 0x110001 leaves, but it came in with the descriptor f5fbc040 in line 1"), (verdict.State, verdict.Because));
    }

    [Fact]
    public void Release_counts_may_be_printed_in_any_order_as_long_as_each_comes_once()
    {
        AllHeld(new Recorded().Holds(1, 6).Release(3, 3).On(1).Release(1, 1).Release(6, 6).On(2).Release(5, 5).Release(2, 2).On(3).Release(4, 4).Look(0, 6, 6, 1));

        var open = new Recorded().Holds(1, 6).Release(3, 3).Release(1, 1).Release(6, 6);
        Undecided(open, RecordingClaims.Release, "3 of the counts up to release=6 were not printed by the end of the recording");
    }

    [Fact]
    public void Release_counts_are_a_permutation()
    {
        Broken(new Recorded().Holds(1, 3).Release(1, 1).Release(2, 1), RecordingClaims.Release, "release=1 is printed a second time", line: 5);
        Broken(new Recorded().Holds(1, 3).Release(1, 3).Release(2, 3), RecordingClaims.Release, "release=3 is printed a second time", line: 5);
        Broken(new Recorded().Holds(1, 3).Release(1, 0), RecordingClaims.Release, "release=0 is none of the counts from 1 on", line: 4);
        Broken(new Recorded().Holds(1, 3).Release(1, 4), RecordingClaims.Release, "release=4, but only 3 pages have come in", line: 4);
    }

    [Fact]
    public void Every_order_of_five_release_counts_is_accepted_and_none_with_one_doubled()
    {
        foreach (int[] order in Orders([1, 2, 3, 4, 5]))
        {
            var recorded = new Recorded().Holds(1, 5);
            foreach (int count in order)
            {
                recorded.On(count).Release(count, (uint)count);
            }

            AllHeld(recorded.Look(0, 5, 5, 1));

            // The last one takes the number of the first one: 5 pages left, and 4 numbers.
            string doubled = recorded.Text.Replace($" release={order[4]}\n", $" release={order[0]}\n", StringComparison.Ordinal);
            Assert.Equal(ClaimState.Broken, StateOf(Recorded.Read(doubled), RecordingClaims.Release));
        }
    }

    [Fact]
    public void Counts_that_are_missing_cost_bounded_memory_and_what_is_forgotten_is_said()
    {
        const int Pages = 10_000;
        var recorded = new Recorded().Holds(1, Pages);
        for (int count = 2; count <= Pages; count += 2)
        {
            recorded.Release(count, (uint)count);
        }

        Undecided(recorded, RecordingClaims.Release, "of the counts up to release=10000 were not printed");
        Undecided(recorded.Release(1, 1), RecordingClaims.Release, "more than 1024 counts were missing at a time");
    }

    [Fact]
    public void What_a_look_prints_is_hold_less_release_and_never_negative()
    {
        var three = () => new Recorded().Holds(1, 3).Release(1, 1);
        Broken(three().Look(1, 3, 1, 1), RecordingClaims.Inflight, "inflight=1, but hold=3 less release=1 is 2", line: 5);
        Broken(three().Look(-1, 0, 1, 1), RecordingClaims.Inflight, "inflight=-1: more pages left than came in", line: 5);
        Broken(three().Look(3, 4, 1, 1), RecordingClaims.Inflight, "hold=4, but 3 pages have come in", line: 5);
        Broken(three().Look(2, 3, 1, 1).Look(3, 3, 0, 2), RecordingClaims.Inflight, "release=0 after release=1 at the look before", line: 6);
        Broken(new Recorded().Hold(1, 1).Release(1, 1).Look(0, 0, 0, 1), RecordingClaims.Inflight, "hold=0, but 1 page has come in", line: 3);
    }

    [Fact]
    public void Pages_that_another_processor_has_counted_may_be_printed_after_the_look()
    {
        AllHeld(new Recorded().Holds(1, 2).Release(1, 1).On(1).Look(0, 2, 2, 1).On(0).Release(2, 2));
        AllHeld(new Recorded().Holds(1, 2).Release(1, 1).On(1).Look(0, 2, 2, 1).Hold(5, 1).On(0).Release(2, 2).On(1).Release(5, 1).Look(0, 1, 1, 1));
        Undecided(new Recorded().Holds(1, 2).Release(1, 1).On(1).Look(2, 2, 0, 1), RecordingClaims.Inflight, "were printed before the pool said how many");
    }

    [Fact]
    public void A_page_that_is_taken_again_without_having_left_is_a_contradiction_even_after_its_pool_ended() =>
        Broken(
            new Recorded().Holds(1, 2).Release(1, 1).Look(0, 2, 2, 1).Hold(2, 1, Other), RecordingClaims.Once,
            "page 0x110002 comes in, but pool 80b98fda holds it since line 2", line: 5, life: 1);

    [Fact]
    public void Looks_are_counted_from_1()
    {
        Broken(new Recorded().Holds(1, 2).Look(2, 2, 0, 2), RecordingClaims.Looks, "cnt=2, but the look after none counts 1", line: 3);
        Broken(new Recorded().Holds(1, 2).Look(2, 2, 0, 1).Look(2, 2, 0, 3), RecordingClaims.Looks, "cnt=3, but the look after cnt=1 counts 2", line: 4);
        Broken(new Recorded().Holds(1, 2).Look(2, 2, 0, 1).Look(2, 2, 0, 1), RecordingClaims.Looks, "cnt=1, but the look after cnt=1 counts 2", line: 4);
        AllHeld(new Recorded().Holds(1, 2).Look(2, 2, 0, 1).Release(2, 1).Look(1, 2, 1, 2).Release(1, 2).Look(0, 2, 2, 3));
    }

    [Fact]
    public void After_the_end_nothing_more_is_heard_of_a_pool()
    {
        var over = () => new Recorded().Life(2);
        Broken(over().Hold(7, 3), RecordingClaims.End, "page 0x110007 comes in with hold=3 after inflight=0 in line 5", line: 6);
        Broken(over().Release(7, 3), RecordingClaims.End, "page 0x110007 leaves with release=3 after inflight=0 in line 5", line: 6);
        Broken(over().Release(1, 1), RecordingClaims.End, "page 0x110001 leaves with release=1 after inflight=0 in line 5", line: 6);
        Broken(over().Look(0, 2, 2, 2), RecordingClaims.End, "the pool is looked at again after inflight=0 in line 5", line: 6);
    }

    [Fact]
    public void No_page_comes_into_a_destroyed_pool() =>
        Broken(new Recorded().Holds(1, 2).Look(2, 2, 0, 1).Hold(3, 3), RecordingClaims.End, "page 0x110003 comes in although the pool was destroyed before line 4", line: 4);

    [Fact]
    public void A_pool_that_waits_for_pages_longer_than_the_kernel_is_patient_is_stalled_and_says_for_which()
    {
        var recorded = new Recorded().Holds(1, 3).Release(1, 1);
        for (int look = 1; look <= 61; look++)
        {
            recorded.Later(1).Look(2, 3, 1, look);
        }

        // 61 looks, a second (and the microsecond of the line) apart: 60 seconds between first and last.
        Broken(recorded, RecordingClaims.Return, "stalled: 60 s after it was destroyed it still waits for 2 pages", line: 65);
        var life = recorded.Read().Lives[0];
        Assert.True(life.IsStalled);
        Assert.Equal([("0x110002", 2u, 2L), ("0x110003", 3u, 3L)], life.WaitsFor.Select(page => (page.Page, page.Hold, page.Line)));
        Assert.Equal(61_000_063_000, life.WaitsFor[0].AgoNanoseconds);
    }

    [Fact]
    public void A_pool_that_got_its_pages_back_too_late_is_told_so()
    {
        Broken(
            new Recorded().Holds(1, 2).Release(1, 1).Look(1, 2, 1, 1).Later(75).Release(2, 2).Look(0, 2, 2, 2), RecordingClaims.Return,
            "it took 75 s until the last page was back", line: 6);
        AllHeld(new Recorded().Holds(1, 2).Release(1, 1).Look(1, 2, 1, 1).Later(5).Release(2, 2).Look(0, 2, 2, 2));
    }

    [Fact]
    public void The_count_of_looks_tells_how_long_a_pool_has_waited_already() =>
        Broken(new Recorded().Look(4, 128, 124, 505), RecordingClaims.Return, "stalled: 504 s after it was destroyed it still waits for 4 pages, of which 4 came in before the recording began", line: 1);

    [Fact]
    public void A_pool_that_waits_for_a_shorter_time_is_not_called_stalled() => Undecided(
        new Recorded().Holds(1, 3).Look(3, 3, 0, 1).Later(2).Look(3, 3, 0, 2), RecordingClaims.Return,
        "2 s after it was destroyed, when the recording ends, it waits for 3 pages");

    [Fact]
    public void Time_does_not_run_back_on_a_processor()
    {
        var recorded = new Recorded().On(1).Hold(1, 1).On(0).Later(-0.5).Hold(2, 2);
        Assert.Equal(ClaimState.Held, recorded.Verdict(RecordingClaims.Order).State);
        Broken(recorded.On(1).Hold(3, 3), RecordingClaims.Order, "on processor 1 a line of an earlier time follows line 1", line: 3);
    }

    [Fact]
    public void What_breaks_often_is_told_once_with_its_count()
    {
        var verdict = new Recorded().Holds(1, 3).Hold(9, 9).Hold(11, 12).Hold(12, 15).Verdict(RecordingClaims.Hold);
        Assert.Equal((3L, 4L, "hold=9 after hold=3"), (verdict.Times, verdict.Line, verdict.Because));
    }

    private static IEnumerable<int[]> Orders(int[] numbers) => numbers.Length == 0
        ? [[]]
        : numbers.SelectMany(first => Orders([.. numbers.Where(number => number != first)]).Select(rest => (int[])[first, .. rest]));

    private static ClaimState StateOf(RecordingReport report, Claim claim) => report.Lives[0].Verdicts.Single(verdict => verdict.Claim == claim).State;

    private static void AllHeld(Recorded recorded) => Assert.All(
        recorded.Read().Lives.SelectMany(life => life.Verdicts),
        verdict => Assert.True(verdict.State == ClaimState.Held, $"{verdict.Claim}: {verdict.Because}"));

    private static void Broken(Recorded recorded, Claim claim, string because, long line, int life = 0)
    {
        var verdict = recorded.Verdict(claim, life);
        Assert.Equal((ClaimState.Broken, line), (verdict.State, verdict.Line));
        Assert.Contains(because, verdict.Because, StringComparison.Ordinal);
    }

    private static void Undecided(Recorded recorded, Claim claim, string because)
    {
        var verdict = recorded.Verdict(claim);
        Assert.Equal(ClaimState.Undecided, verdict.State);
        Assert.Contains(because, verdict.Because, StringComparison.Ordinal);
    }
}
