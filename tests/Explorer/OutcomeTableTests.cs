using RxVerify.Explorer;
using RxVerify.Properties;

namespace RxVerify.Tests.Explorer;

public class OutcomeTableTests
{
    [Fact]
    public void What_was_kept_is_found_and_nothing_else_is()
    {
        var kept = Outcomes(1_500);
        using var table = With(kept);

        Assert.Equal(kept.Count, table.Count);
        Assert.All(kept, pair => Assert.Equal((true, pair.Value), (table.TryFind(pair.Key, out ulong outcome), outcome)));
        Assert.DoesNotContain(Outcomes(3_000).Keys.Except(kept.Keys), seen => table.TryFind(seen, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ulong.MaxValue)]
    public void What_looks_like_no_entry_is_refused_instead_of_found_or_looked_for_without_end(ulong seen)
    {
        using var table = new OutcomeTable();

        Assert.Throws<ArgumentOutOfRangeException>(() => table.TryFind(seen, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Add(seen, 7));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void The_first_outcome_of_what_was_seen_stays()
    {
        using var table = new OutcomeTable();

        table.Add(5, 50);
        table.Add(5, 51);

        Assert.Equal((true, 50ul, 1), (table.TryFind(5, out ulong outcome), outcome, table.Count));
    }

    [Fact]
    public void A_full_table_takes_no_more_and_every_search_in_it_ends()
    {
        var all = Outcomes(100_000);
        using var table = With(all);

        int found = all.Count(pair => table.TryFind(pair.Key, out ulong outcome) && outcome == pair.Value);

        // 512 lines of four entries, fifteen sixteenths of them.
        Assert.Equal((1_920, 1_920), (table.Count, found));
    }

    [Fact]
    public void Four_who_add_the_same_at_once_keep_each_outcome_once_and_whole()
    {
        var all = Outcomes(1_800);

        // Of a hundred rounds two went wrong while who met a place that was being filled went on to the next.
        for (int round = 0; round < 200; round++)
        {
            using var table = new OutcomeTable();

            Parallel.For(0, 4, _ =>
            {
                foreach (var (seen, outcome) in all)
                {
                    table.Add(seen, outcome);
                    if (!table.TryFind(seen, out ulong found) || found != outcome)
                    {
                        throw new InvalidOperationException($"{seen} led to {found}; expected {outcome}");
                    }
                }
            });

            Assert.Equal(all.Count, table.Count);
        }
    }

    private static OutcomeTable With(Dictionary<ulong, ulong> outcomes)
    {
        var table = new OutcomeTable();
        foreach (var (seen, outcome) in outcomes)
        {
            table.Add(seen, outcome);
        }

        return table;
    }

    private static Dictionary<ulong, ulong> Outcomes(int count)
    {
        // Small numbers beside each other, as keys are, and neither 0 nor all ones.
        var dice = new Dice(7);
        var outcomes = new Dictionary<ulong, ulong>();
        while (outcomes.Count < count)
        {
            outcomes[1 + (ulong)dice.Below(1 << 20)] = (ulong)dice.Below(1 << 30);
        }

        return outcomes;
    }
}
