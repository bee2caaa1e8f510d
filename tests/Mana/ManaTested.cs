using RxVerify.Properties;
using RxVerify.Properties.Mana;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.Mana;

/// <summary>The MANA queue, for the tests of every scheme.</summary>
public sealed class ManaTested : ITestedScheme
{
    public static Scheme Scheme => ManaScheme.All;

    public static string Folder => "Mana";
}

public sealed class ManaCorpusTests : CorpusTests<ManaTested>;

public sealed class ManaPublishedDriverTests : PublishedDriverTests<ManaTested>;

public sealed class ManaFindingsTests : FindingsTests<ManaTested>;

public sealed class ManaCounterexampleTests : CounterexampleTests<ManaTested>;

public sealed class ManaDefectTests : DefectTests<ManaTested>
{
    private static readonly int[] DataPathFindings = [2, 3, 4, 5, 6, 8, 12, 13, 18];

    [Fact]
    public void Every_id_of_the_catalogue_that_concerns_the_data_path_has_a_defect()
    {
        var ids = ManaDefects.All.SelectMany(defect => defect.Ids.Split(", ")).ToHashSet(StringComparer.Ordinal);

        // E.2 without what is of the port: F-B1, F-B2, F-B20, F-B21, F-B23, F-B24. B.7 numbers are those of the issue.
        var expected = Enumerable.Range(1, 26).Except([1, 2, 20, 21, 23, 24]).Select(number => $"F-B{number}")
            .Concat(DataPathFindings.Select(number => $"B.7 #{number}"));
        Assert.All(expected, id => Assert.Contains(id, ids));
    }
}

public sealed class ManaHarmlessDefectTests(ITestOutputHelper output) : HarmlessDefectTests<ManaTested>(output);
