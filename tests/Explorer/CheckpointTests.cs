using System.Diagnostics;
using RxVerify.Cli;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rxverify-");

    private CheckpointPlace Place => new(_folder.FullName, "a core", TimeSpan.FromHours(1));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_walk_that_found_something_wrong_keeps_no_checkpoint_even_when_it_reached_a_limit_at_the_same_time()
    {
        var driver = DqoDefects.Named("NeverWaits")!.Driver;
        var free = Walk(driver, new ExploreOptions());

        var limited = Walk(driver, new ExploreOptions { StatesMax = free.States, Checkpoint = Place });

        // Gone on from, the rest of the segment in which it was found would never be expanded.
        Assert.Equal((ExploreOutcome.Broke, free.States), (limited.Outcome, limited.States));
        Assert.Null(limited.EndedBy);
        Assert.False(Place.Exists);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void A_walk_goes_on_with_any_number_of_workers_and_its_time_is_that_of_both_runs(int before, int after)
    {
        const string Core = "3 2 3 3 5 3 0";
        var first = Walk(DqoDriver.Right, new ExploreOptions { Threads = before, StatesMax = 90_000, Checkpoint = Place }, Core);
        var watch = Stopwatch.StartNew();
        var second = Walk(DqoDriver.Right, new ExploreOptions { Threads = after, Checkpoint = Place }, Core);
        watch.Stop();

        // facts/model_checking.md, section 2. The second walk takes longer than it was running, as it has the states of both.
        Assert.Equal((ExploreOutcome.NotExhaustive, ExploreOutcome.Held), (first.Outcome, second.Outcome));
        Assert.Equal((103_229, 425_495, 53), (second.States, second.Transitions, second.Depth));
        Assert.True(second.Elapsed > watch.Elapsed);

        // What the first walk's steps led to is kept nowhere, so how many were different is not known.
        Assert.Null(second.StepsKept);
    }

    [Fact]
    public void A_walk_does_not_go_on_with_other_code()
    {
        Walk(DqoDriver.Right, new ExploreOptions { StatesMax = 2_000, Checkpoint = Place });
        string before = CodeVersion.Of(typeof(DqoWorld), typeof(DqoCoreModel));
        string after = CodeVersion.Of(typeof(DqoWorld), typeof(BreadthFirst));
        var place = new CheckpointPlace(_folder.FullName, $"a core, code {after}", Place.Every);

        var refused = Assert.Throws<CheckpointException>(() => Walk(DqoDriver.Right, new ExploreOptions { Checkpoint = place }));

        Assert.NotEqual(before, after, StringComparer.Ordinal);
        Assert.Equal(before, CodeVersion.Of(typeof(DqoQueue), typeof(DqoCoreState)));
        Assert.Contains($"expected 'a core, code {after}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_one_walks_until_it_gives_it_up_and_nothing_is_left_of_that()
    {
        using (Place.Take())
        {
            var refused = Assert.Throws<CheckpointException>(() => Place.Take());
            Assert.StartsWith($"{_folder.FullName}: another walk uses it", refused.Message, StringComparison.Ordinal);
        }

        Place.Take().Dispose();
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_not_taken_for_one_in_use()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "file"), "");
        var place = new CheckpointPlace(Path.Combine(_folder.FullName, "file"), "a core", Place.Every);

        var refused = Assert.Throws<CheckpointException>(() => place.Take());

        Assert.Contains("cannot be written; expected a folder that may be written to", refused.Message, StringComparison.Ordinal);
    }

    private static Exploration Walk(DqoDriver driver, ExploreOptions options, string core = "2 2 2 2 5 4 0") =>
        driver.ExploreCore(DqoCoreConfiguration.Parse(core), DqoSymmetry.None, refines: false, options);
}
