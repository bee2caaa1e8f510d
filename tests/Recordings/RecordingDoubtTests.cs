using RxVerify.Properties;
using RxVerify.Properties.Recordings;

namespace RxVerify.Tests.Recordings;

/// <summary>What cannot be known from a recording is not guessed: neither that a claim held nor that it broke.</summary>
public sealed class RecordingDoubtTests
{
    private const ulong Other = 0x33d0829c;

    [Fact]
    public void A_pool_that_was_there_before_is_joined_and_its_older_pages_are_not_held_against_it()
    {
        var recorded = new Recorded().Release(9, 40).Hold(1, 101).Hold(2, 102).Release(8, 41).Release(1, 42).Look(60, 102, 42, 1);
        var life = recorded.Read().Lives[0];

        Assert.Equal((false, 2L, 3L, 60), (life.IsWhole, life.CameIn, life.Left, life.Inflight));
        Assert.DoesNotContain(life.Verdicts, verdict => verdict.State == ClaimState.Broken);
        Undecided(recorded, RecordingClaims.Owner, "pages left that came in before the recording began");
        Undecided(recorded, RecordingClaims.Release, "pages left before the recording began");
        Undecided(recorded, RecordingClaims.Once, "which pages pool 80b98fda held before line 1 is not in the recording");
        Undecided(recorded, RecordingClaims.Return, "it waits for 60 pages, of which 59 came in before the recording began");
    }

    [Fact]
    public void What_a_joined_pool_does_from_then_on_is_still_held_against_it()
    {
        Assert.Equal(ClaimState.Broken, new Recorded().Hold(1, 101).Hold(2, 103).Verdict(RecordingClaims.Hold).State);
        Assert.Equal(ClaimState.Broken, new Recorded().Hold(1, 101).Hold(1, 102).Release(1, 7).Verdict(RecordingClaims.Once).State);
        Assert.Equal(ClaimState.Broken, new Recorded().Release(1, 41).Release(2, 41).Verdict(RecordingClaims.Release).State);
        Assert.Equal(ClaimState.Broken, new Recorded().Look(3, 128, 124, 7).Verdict(RecordingClaims.Inflight).State);
        Assert.Equal(ClaimState.Broken, new Recorded().Look(4, 128, 124, 7).Look(4, 128, 124, 9).Verdict(RecordingClaims.Looks).State);
        Undecided(new Recorded().Look(4, 128, 124, 7).Look(4, 128, 124, 8), RecordingClaims.Looks, "the pool was destroyed before the recording began");
    }

    [Fact]
    public void A_pool_that_is_alive_at_the_end_leaves_open_what_only_its_end_can_show()
    {
        var life = new Recorded().Holds(1, 3).Release(2, 1).Read().Lives[0];
        Assert.Equal(
            ["inflight", "looks", "end", "return"],
            life.Verdicts.Where(verdict => verdict.State == ClaimState.Undecided).Select(verdict => verdict.Claim.Id).ToList());
        Assert.Equal("it was not destroyed in the recording", life.Verdicts[RecordingClaims.Return.Number].Because);
    }

    [Fact]
    public void After_lost_events_counts_are_taken_afresh_and_nothing_is_called_broken()
    {
        var recorded = new Recorded().Holds(1, 3).Lost(0, 9).Hold(8, 8).Release(2, 4).Release(77, 5).Hold(3, 9).Look(5, 9, 4, 3);
        var life = Assert.Single(recorded.Read().Lives);

        Assert.DoesNotContain(life.Verdicts, verdict => verdict.State == ClaimState.Broken);
        Undecided(recorded, RecordingClaims.Hold, "events were lost near line 5");
        Undecided(recorded, RecordingClaims.Once, "events were lost near line 8");
        Undecided(recorded, RecordingClaims.Owner, "events were lost near line 7");
        Undecided(recorded, RecordingClaims.Release, "events were lost near line 6");
        Undecided(recorded, RecordingClaims.Looks, "events were lost near line 9");
    }

    [Fact]
    public void Only_what_happened_since_the_processors_last_line_is_taken_back()
    {
        // Processor 1 was heard in line 3: what broke in line 2 was before its loss, what seems to break in line 4 need not be.
        var before = new Recorded().Hold(1, 1).Hold(3, 3).On(1).Hold(4, 4).On(0).Hold(6, 6).Lost(1, 1);
        Assert.Equal((ClaimState.Broken, 2L), (before.Verdict(RecordingClaims.Hold).State, before.Verdict(RecordingClaims.Hold).Line));

        var after = new Recorded().Hold(1, 1).Hold(2, 2).On(1).Hold(3, 3).On(0).Hold(6, 6).Lost(1, 1);
        Undecided(after, RecordingClaims.Hold, "events were lost");

        var onOther = new Recorded().Hold(1, 1).On(1).Hold(2, 2).On(0).Hold(4, 4).On(1).Hold(5, 5).Lost(1, 1);
        Assert.Equal(ClaimState.Broken, onOther.Verdict(RecordingClaims.Hold).State);
    }

    [Fact]
    public void What_breaks_after_the_loss_was_dealt_with_is_broken()
    {
        var recorded = new Recorded().Holds(1, 3).Lost(0, 9).Hold(8, 8).Hold(10, 10);
        Assert.Equal((ClaimState.Broken, 6L), (recorded.Verdict(RecordingClaims.Hold).State, recorded.Verdict(RecordingClaims.Hold).Line));
    }

    [Fact]
    public void Numbers_that_begin_again_after_a_loss_are_another_life_whose_beginning_may_be_lost()
    {
        foreach (var (then, isWhole) in new[]
        {
            (new Recorded().Holds(1, 5).Lost(0, 9).Hold(7, 1), true),
            (new Recorded().Holds(1, 5).Lost(0, 9).Hold(7, 4), false),
            (new Recorded().Holds(1, 5).Release(1, 1).Lost(0, 9).Release(7, 1), false),
            (new Recorded().Holds(1, 5).Lost(0, 9).Look(1, 2, 1, 1), false),
            (new Recorded().Life(5).Lost(0, 9).Hold(7, 4), false),
            (new Recorded().Life(5).Lost(0, 9).Release(7, 4), false),
            (new Recorded().Life(5).Lost(0, 9).Look(1, 2, 1, 1), false),
        })
        {
            var report = then.Read();
            Assert.False(report.IsBroken);
            Assert.Equal([(1, true), (2, isWhole)], report.Lives.Select(life => (life.Life, life.IsWhole)));
            Assert.Equal(ClaimState.Undecided, report.Lives[0].Verdicts[RecordingClaims.End.Number].State);
        }
    }

    [Fact]
    public void A_loss_between_two_lives_does_not_touch_either()
    {
        var report = new Recorded().Life(3).Lost(0, 4).Life(4, Other).Read();
        Assert.Equal(["end"], report.Lives[0].Verdicts.Where(verdict => verdict.State == ClaimState.Undecided).Select(verdict => verdict.Claim.Id).ToList());
        Assert.All(report.Lives[1].Verdicts, verdict => Assert.Equal(ClaimState.Held, verdict.State));
    }

    [Fact]
    public void A_page_known_from_before_a_loss_may_have_left_and_is_told_as_uncertain()
    {
        var life = new Recorded().Holds(1, 2).Lost(0, 4).Hold(3, 3).Read().Lives[0];
        Assert.False(life.Oldest!.IsCertain);
        Assert.True(new Recorded().Holds(1, 2).Read().Lives[0].Oldest!.IsCertain);

        // Another pool may hold by now what this one held before the loss.
        var recorded = new Recorded().Holds(1, 2).Lost(0, 4).Hold(1, 1, Other).Release(1, 1);
        Assert.False(new Recorded().Holds(1, 2).Lost(0, 4).Release(1, 1, Other).Read().IsBroken);
        Assert.Equal(ClaimState.Broken, recorded.Verdict(RecordingClaims.Owner).State);
    }

    [Fact]
    public void A_file_whose_older_events_were_overwritten_is_complete_for_a_processor_from_its_first_line_on()
    {
        const string Head = "# entries-in-buffer/entries-written: 6/900   #P:2";
        var missing = new Recorded().Line(Head).Hold(1, 1).Hold(2, 2).Hold(4, 4).On(1).Hold(5, 5);
        Undecided(missing, RecordingClaims.Hold, "events were lost");

        var later = new Recorded().Line(Head).Hold(1, 1).On(1).Hold(2, 2).Hold(4, 4);
        Assert.Equal(ClaimState.Broken, later.Verdict(RecordingClaims.Hold).State);
        Assert.Equal(896, new Recorded().Line(Head.Replace("6/900", "4/900", StringComparison.Ordinal)).Hold(1, 1).Read().LostEvents);
    }

    [Fact]
    public void A_kind_of_event_that_is_never_recorded_proves_nothing()
    {
        // Only holds are switched on: pages come in again although nothing is seen to leave.
        Undecided(new Recorded().Holds(1, 2).Hold(1, 3), RecordingClaims.Once, "perhaps it was not switched on");

        // Looks are not switched on: a pool that has everything back may have ended.
        Undecided(new Recorded().Holds(1, 2).Releases(1, 2).Hold(1, 1), RecordingClaims.Hold, "perhaps it was not switched on");
        Undecided(new Recorded().Release(5, 1).Hold(1, 1), RecordingClaims.Hold, "perhaps it was not switched on");

        // With pages outside it may not.
        Assert.Equal(ClaimState.Broken, new Recorded().Holds(1, 2).Release(1, 1).Hold(1, 1).Verdict(RecordingClaims.Hold).State);
    }

    [Fact]
    public void A_count_that_was_missing_when_events_were_lost_may_still_come_and_is_not_doubled()
    {
        var recorded = new Recorded().Holds(1, 6).Release(2, 2).Lost(1, 3).Release(5, 5);
        Undecided(recorded, RecordingClaims.Release, "events were lost near line 9");
        Assert.False(recorded.Release(1, 1).Release(4, 4).Read().IsBroken);
        Assert.True(recorded.Release(3, 4).Read().IsBroken);
    }

    private static void Undecided(Recorded recorded, Claim claim, string because)
    {
        var verdict = recorded.Verdict(claim);
        Assert.Equal((ClaimState.Undecided, true), (verdict.State, verdict.Because?.Contains(because, StringComparison.Ordinal)));
    }
}
