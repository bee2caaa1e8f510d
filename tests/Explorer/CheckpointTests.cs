using RxVerify.Explorer;
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

    private static Exploration Walk(DqoDriver driver, ExploreOptions options) =>
        driver.ExploreCore(DqoCoreConfiguration.Parse("2 2 2 2 5 4 0"), DqoSymmetry.None, refines: false, options);
}
