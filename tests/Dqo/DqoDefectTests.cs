using RxVerify.Properties.Dqo;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.Dqo;

public sealed class DqoDefectTests : DefectTests<DqoTested>
{
    [Fact]
    public void Every_id_of_the_catalogue_has_a_defect()
    {
        var ids = DqoDefects.All.SelectMany(defect => defect.Ids.Split(", ")).ToHashSet(StringComparer.Ordinal);

        // E.1 has F-A1 to F-A26 and A.8 lists A-D1 to A-D10 as published behaviour; A-D2, A-D5, A-D7 and A-D10 are also F-A entries.
        var expected = Enumerable.Range(1, 26).Select(number => $"F-A{number}")
            .Concat(Enumerable.Range(1, 10).Append(13).Select(number => $"A-D{number}"));
        Assert.All(expected, id => Assert.Contains(id, ids));
    }
}

public sealed class DqoHarmlessDefectTests(ITestOutputHelper output) : HarmlessDefectTests<DqoTested>(output);

public sealed class DqoPublishedDriverTests : PublishedDriverTests<DqoTested>;
