using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>What the model allows: the rows of the table in docs/pool.md that no other test has reason to show.</summary>
public sealed class PoolModelAllowedTests
{
    private static readonly PoolConfiguration Small = new() { CacheSize = 4, Refill = 1, PoolSize = 4, HeldMax = 4 };

    [Theory]
    [InlineData(PoolFault.None, true, true, true)]
    [InlineData(PoolFault.Page, true, true, true)]
    [InlineData(PoolFault.Mapping, true, false, true)]
    [InlineData(PoolFault.Index, true, false, false)]
    [InlineData((PoolFault)4, false, false, false)]
    public void Only_what_the_pool_does_can_fail(PoolFault fault, bool newMapping, bool newUnmapped, bool oldMapping)
    {
        var old = Small with { Era = PoolEra.Linux515 };
        var unmapped = Small with { Maps = false, Syncs = false };

        Assert.Equal(newMapping, Allows(Small, PoolOperation.Page(fault)));
        Assert.Equal(newMapping, Allows(Small, PoolOperation.Any(100, fault)));
        Assert.Equal(newMapping, Allows(Small, PoolOperation.Any(4000, fault)));
        Assert.Equal(newUnmapped, Allows(unmapped, PoolOperation.Page(fault)));
        Assert.Equal(oldMapping, Allows(old, PoolOperation.Fragment(100, fault)));
    }

    [Theory]
    [InlineData(PoolEra.Linux515, true, false, true, false)]
    [InlineData(PoolEra.Linux515, false, true, false, false)]
    [InlineData(PoolEra.Linux612, true, true, true, true)]
    [InlineData(PoolEra.Linux612, false, true, false, false)]
    public void What_can_be_asked_for_depends_on_the_era_and_on_fragments(PoolEra era, bool fragments, bool page, bool fragment, bool any)
    {
        var configuration = Small with { Era = era, Fragments = fragments };

        Assert.Equal(page, Allows(configuration, PoolOperation.Page()));
        Assert.Equal(fragment, Allows(configuration, PoolOperation.Fragment(100)));
        Assert.Equal(any, Allows(configuration, PoolOperation.Any(100)));
        Assert.Equal(any, Allows(configuration, PoolOperation.Any(4000)));
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, true)]
    [InlineData(4096, true, true)]
    [InlineData(4097, true, false)]
    public void Any_is_never_asked_for_more_than_a_page(int size, bool fragment, bool any)
    {
        Assert.Equal(fragment, Allows(Small, PoolOperation.Fragment(size)));
        Assert.Equal(any, Allows(Small, PoolOperation.Any(size)));
    }

    [Fact]
    public void Nobody_holds_more_than_the_limit_with_what_is_under_way()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Page(), PoolOperation.Foreign(), PoolOperation.Reference());
        AssertFull();

        // A page that a put carries still counts, until it is in its place.
        run.Do(PoolOperation.Begin(1, pick: 1), PoolOperation.Go(1));
        Assert.Equal((3, 4), (run.Model.Held.Length, run.Model.Load));
        AssertFull();
        run.Do(PoolOperation.Go(1));
        Assert.True(run.Allows(PoolOperation.Page()));

        void AssertFull() => Assert.All(
            [
                PoolOperation.Page(), PoolOperation.Fragment(1), PoolOperation.Any(1), PoolOperation.Any(4096), PoolOperation.Foreign(),
                PoolOperation.Reference(), PoolOperation.Share(),
            ],
            operation => Assert.False(run.Allows(operation)));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, true)]
    [InlineData(0, 4, true)]
    [InlineData(0, 5, false)]
    [InlineData(1, 4, false)]
    [InlineData(3, 1, true)]
    [InlineData(4, 1, false)]
    public void Only_what_is_held_can_be_let_go(int pick, int count, bool isAllowed)
    {
        var run = new PoolModelRun(Small);
        run.Repeat(4, PoolOperation.Page());

        Assert.Equal(isAllowed, run.Allows(PoolOperation.Put(pick, count: count)));
        Assert.Equal(isAllowed, run.Allows(PoolOperation.Begin(1, pick, count: count)));
    }

    [Fact]
    public void At_most_sixteen_things_are_put_together()
    {
        var run = new PoolModelRun(Small with { HeldMax = 32 });
        run.Repeat(17, PoolOperation.Page());

        Assert.True(run.Allows(PoolOperation.Put(count: 16)));
        Assert.False(run.Allows(PoolOperation.Put(count: 17)));
    }

    [Fact]
    public void What_is_put_together_is_of_the_pool_and_nobody_says_more_about_it()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Fragment(1), PoolOperation.Reference());

        Assert.True(run.Allows(PoolOperation.Put(count: 2)));
        Assert.True(run.Allows(PoolOperation.Put(count: 2, context: PutContext.Local)));
        Assert.False(run.Allows(PoolOperation.Put(count: 2, context: PutContext.Direct)));
        Assert.False(run.Allows(PoolOperation.Put(count: 2, context: PutContext.DirectInProcess)));
        Assert.False(run.Allows(PoolOperation.Put(count: 2, sync: 4096)));
        Assert.False(run.Allows(PoolOperation.Put(pick: 1, count: 2)));
        run.Do(PoolOperation.Put(2), PoolOperation.Foreign());
        Assert.False(run.Allows(PoolOperation.Put(pick: 1, count: 2)));
    }

    [Fact]
    public void Only_the_driver_says_that_this_is_the_pools_context_and_only_of_what_is_the_pools()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Reference(), PoolOperation.Foreign());

        Assert.True(run.Allows(PoolOperation.Put(0, PutContext.Direct)));
        Assert.True(run.Allows(PoolOperation.Put(0, PutContext.DirectInProcess)));
        Assert.All([1, 2], pick => Assert.False(run.Allows(PoolOperation.Put(pick, PutContext.Direct))));
        Assert.All([1, 2], pick => Assert.False(run.Allows(PoolOperation.Put(pick, PutContext.DirectInProcess))));
        Assert.All([1, 2], pick => Assert.True(run.Allows(PoolOperation.Put(pick, PutContext.Local))));
        Assert.All([1, 2], pick => Assert.False(run.Allows(PoolOperation.Put(pick, sync: 4096))));
        Assert.False(run.Allows(PoolOperation.Put(0, (PutContext)4)));
    }

    [Fact]
    public void Holders_write_what_they_hold()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Fragment(100), PoolOperation.Reference(), PoolOperation.Foreign());

        Assert.True(run.Allows(PoolOperation.Write(0, 4096)));
        Assert.False(run.Allows(PoolOperation.Write(0, 4097)));
        Assert.True(run.Allows(PoolOperation.Write(1, 100)));
        Assert.False(run.Allows(PoolOperation.Write(1, 101)));
        Assert.All([0, 1], pick => Assert.False(run.Allows(PoolOperation.Write(pick, 0))));
        Assert.All([2, 3, 4], pick => Assert.False(run.Allows(PoolOperation.Write(pick, 1))));
    }

    [Fact]
    public void Pool_references_are_shared_in_the_new_era_by_those_who_have_one()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Reference(), PoolOperation.Foreign());
        Assert.True(run.Allows(PoolOperation.Share(0)));
        Assert.All([1, 2, 3], pick => Assert.False(run.Allows(PoolOperation.Share(pick))));
        Assert.All([0, 1, 2], pick => Assert.True(run.Allows(PoolOperation.Reference(pick))));
        Assert.False(run.Allows(PoolOperation.Reference(3)));

        var old = new PoolModelRun(Small with { Era = PoolEra.Linux515 });
        old.Do(PoolOperation.Fragment(1));
        Assert.False(old.Allows(PoolOperation.Share()));
    }

    private static bool Allows(PoolConfiguration configuration, PoolOperation operation) => new PoolModelRun(configuration).Allows(operation);
}
