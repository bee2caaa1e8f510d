using RxVerify.Properties;
using RxVerify.Properties.Port;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Port;

/// <summary>The port, for the tests of every scheme.</summary>
public sealed class PortTested : ITestedScheme
{
    public static Scheme Scheme => PortScheme.All;

    public static string Folder => "Port";
}

public sealed class PortCorpusTests : CorpusTests<PortTested>;

public sealed class PortPublishedDriverTests : PublishedDriverTests<PortTested>;

public sealed class PortFindingsTests : FindingsTests<PortTested>;

public sealed class PortCounterexampleTests : CounterexampleTests<PortTested>;

public sealed class PortDefectTests : DefectTests<PortTested>
{
    private static readonly int[] ControlPathFindings = [1, 7, 8, 9, 10, 11, 14, 15];
    private static readonly int[] FixedUpstream = [11, 15, 16, 17, 18, 19, 22, 23];

    [Fact]
    public void Every_id_of_the_catalogue_that_concerns_the_control_path_has_a_defect()
    {
        var ids = PortDefects.All.SelectMany(defect => defect.Ids.Split(", ")).ToHashSet(StringComparer.Ordinal);

        // F-B1 to F-B3 and F-B20 to F-B25 of E.2, the numbers of B.7 that the port is about, and the fixes of the catalogue D.
        var expected = Enumerable.Range(1, 3).Concat(Enumerable.Range(20, 6)).Select(number => $"F-B{number}")
            .Concat(ControlPathFindings.Select(number => $"B.7 #{number}"))
            .Concat(FixedUpstream.Select(number => $"D-{number}"));
        Assert.All(expected, id => Assert.Contains(id, ids));
    }
}
