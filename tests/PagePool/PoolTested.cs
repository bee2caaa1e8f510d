using RxVerify.Properties;
using RxVerify.Properties.PagePool;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.PagePool;

/// <summary>The page pool, for the tests of every scheme.</summary>
public sealed class PoolTested : ITestedScheme
{
    public static Scheme Scheme => PoolScheme.All;

    public static string Folder => "PagePool";
}

public sealed class PoolCorpusTests : CorpusTests<PoolTested>;

public sealed class PoolCounterexampleTests : CounterexampleTests<PoolTested>;

public sealed class PoolDefectTests : DefectTests<PoolTested>
{
    [Fact]
    public void Every_id_of_the_catalogue_has_a_defect()
    {
        var ids = PoolDefects.All.SelectMany(defect => defect.Ids.Split(", ")).ToHashSet(StringComparer.Ordinal);

        // E.3 has F-C1 to F-C20; the issue names the races D-27, D-28, D-39 and D-41.
        Assert.All(Enumerable.Range(1, 20).Select(number => $"F-C{number}").Concat(["D-27", "D-28", "D-39", "D-41"]), id => Assert.Contains(id, ids));
    }
}

public sealed class PoolHarmlessDefectTests(ITestOutputHelper output) : HarmlessDefectTests<PoolTested>(output);
