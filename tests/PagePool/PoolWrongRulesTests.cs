using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.PagePool;

/// <summary>Each decision of <see cref="IPoolRules"/> made wrongly: it is asked for, and whatever it does stays inside the emulation.</summary>
public sealed class PoolWrongRulesTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small with { PoolSize = 3, HeldMax = 12, CounterMax = 100 };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    private static Dictionary<string, Func<PoolWorld>> Wrong { get; } = typeof(PoolWrongRulesTests)
        .GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
        .Where(type => typeof(IPoolRules).IsAssignableFrom(type))
        .ToDictionary(
            type => type.Name,
            Func<PoolWorld> (type) => () => (PoolWorld)Activator.CreateInstance(typeof(PoolWorld<>).MakeGenericType(type), Small)!,
            StringComparer.Ordinal);

    [Fact]
    public void There_is_a_wrong_one_for_each_decision() =>
        Assert.Equal(
            typeof(IPoolRules).GetMethods().Select(method => method.Name.Replace("get_", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Wrong.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_decision_shows_and_does_no_harm_to_the_emulation(string name)
    {
        using var right = new PoolWorld<RightPoolRules>(Small);
        using var wrong = Wrong[name]();
        Assert.True(
            Enumerable.Range(1, 8).Any(seed => Differ(right, wrong, new Dice((ulong)seed))),
            $"{name} makes no difference in what is allowed, returned or remembered");

        // On it goes by its own rules, with all the damage done so far.
        var dice = new Dice(99);
        for (int step = 0; step < 20_000; step++)
        {
            var operation = PoolWalk.Next(ref dice, wrong);
            if (wrong.Allows(operation))
            {
                wrong.Apply(operation);
                Assert.InRange(wrong.Pool.Cached, 0, Small.CacheSize);
                Assert.InRange(wrong.Load, 0, Small.HeldMax);
            }
        }
    }

    /// <summary>Whether the same operations make two worlds different before 4000 of them are done.</summary>
    private static bool Differ(PoolWorld right, PoolWorld wrong, Dice dice) => Worlds.Differ(right, wrong, () => PoolWalk.Next(ref dice, right), 4_000);

    private readonly struct ReferencesToDrain : IPoolRules
    {
        static long IPoolRules.ReferencesToDrain(long bias, long users) => bias - users - 1;
    }

    private readonly struct SetsCounterOfDrainedPage : IPoolRules
    {
        static bool IPoolRules.SetsCounterOfDrainedPage => false;
    }

    private readonly struct CountsFragmentsAnew : IPoolRules
    {
        static bool IPoolRules.CountsFragmentsAnew => false;
    }

    private readonly struct ForgetsFullPage : IPoolRules
    {
        static bool IPoolRules.ForgetsFullPage => false;
    }

    private readonly struct HeedsFragments : IPoolRules
    {
        static bool IPoolRules.HeedsFragments => false;
    }

    private readonly struct RestoresCounter : IPoolRules
    {
        static bool IPoolRules.RestoresCounter => false;
    }

    private readonly struct IsUnshared : IPoolRules
    {
        static bool IPoolRules.IsUnshared(int pageCount) => true;
    }

    private readonly struct GivesUpReserve : IPoolRules
    {
        static bool IPoolRules.GivesUpReserve => false;
    }

    private readonly struct CacheHasRoom : IPoolRules
    {
        static bool IPoolRules.CacheHasRoom(int count, int size) => count <= size;
    }

    private readonly struct GivesUpWhenRingFull : IPoolRules
    {
        static bool IPoolRules.GivesUpWhenRingFull => false;
    }

    private readonly struct CountsRelease : IPoolRules
    {
        static bool IPoolRules.CountsRelease => false;
    }

    private readonly struct DropsReleasedPage : IPoolRules
    {
        static bool IPoolRules.DropsReleasedPage => false;
    }

    private readonly struct CountsHoldAfterMapping : IPoolRules
    {
        static bool IPoolRules.CountsHoldAfterMapping => false;
    }

    private readonly struct UnmapsUnregistered : IPoolRules
    {
        static bool IPoolRules.UnmapsUnregistered => false;
    }

    private readonly struct StopsAtOtherNode : IPoolRules
    {
        static bool IPoolRules.StopsAtOtherNode => false;
    }

    private readonly struct HalvesBias : IPoolRules
    {
        static bool IPoolRules.HalvesBias => false;
    }

    private readonly struct BytesToSync : IPoolRules
    {
        static int IPoolRules.BytesToSync(int asked, int all, int thing) => thing;
    }

    private readonly struct SyncsNewPage : IPoolRules
    {
        static bool IPoolRules.SyncsNewPage => false;
    }

    private readonly struct SyncsDrainedPage : IPoolRules
    {
        static bool IPoolRules.SyncsDrainedPage => false;
    }

    private readonly struct IsSigned : IPoolRules
    {
        static bool IPoolRules.IsSigned(ulong word, ulong signature) => word == signature;
    }

    // Only a page that passes for a pool's is asked for its pool.
    private readonly struct PoolOf : IPoolRules
    {
        static int IPoolRules.PoolOf(int named, int registered) => registered;

        static bool IPoolRules.IsSigned(ulong word, ulong signature) => true;
    }

    private readonly struct KeepsOthersOutOfCache : IPoolRules
    {
        static bool IPoolRules.KeepsOthersOutOfCache => false;
    }

    private readonly struct EndsDirectRecycling : IPoolRules
    {
        static bool IPoolRules.EndsDirectRecycling => false;
    }

    private readonly struct WaitsForDirectPuts : IPoolRules
    {
        static bool IPoolRules.WaitsForDirectPuts => false;
    }

    private readonly struct DropsCurrentPage : IPoolRules
    {
        static bool IPoolRules.DropsCurrentPage => false;
    }

    private readonly struct ForgetsDroppedPage : IPoolRules
    {
        static bool IPoolRules.ForgetsDroppedPage => false;
    }

    private readonly struct UnmapsPagesOutside : IPoolRules
    {
        static bool IPoolRules.UnmapsPagesOutside => false;
    }

    private readonly struct WaitsForProducers : IPoolRules
    {
        static bool IPoolRules.WaitsForProducers => false;
    }

    private readonly struct CountsBulkUnderLock : IPoolRules
    {
        static bool IPoolRules.CountsBulkUnderLock => false;
    }

    private readonly struct MayBeFreed : IPoolRules
    {
        static bool IPoolRules.MayBeFreed(int inflight) => true;
    }

    private readonly struct LooksAgain : IPoolRules
    {
        static bool IPoolRules.LooksAgain(int inflight) => false;
    }

    private readonly struct CountsSecondUser : IPoolRules
    {
        static bool IPoolRules.CountsSecondUser => false;
    }
}
