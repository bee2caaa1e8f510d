using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.Dqo;

public sealed class DqoDefectTests : DefectTests<DqoTested>
{
    public static TheoryData<string> PublishedClaims =>
    [
        // A-D1 … A-D10 and A-D13 in order, each by the claim it breaks.
        DqoClaims.PagesAreOwned.Id, DqoClaims.AccessesAreInside.Id, DqoClaims.OwnAddresses.Id, DqoClaims.SkbsAreOwned.Id, DqoClaims.NothingSleeps.Id,
        DqoClaims.PacketsAreWhole.Id, DqoClaims.SlotsSuffice.Id, DqoClaims.BudgetIsKept.Id, DqoClaims.Refills.Id, DqoClaims.DamagedStaysOut.Id,
    ];

    [Theory]
    [MemberData(nameof(PublishedClaims))]
    public void The_driver_as_published_in_2021_breaks_each_claim_its_defects_are_known_for(string id)
    {
        var claim = DqoClaims.All.Single(claim => claim.Id == id);

        var result = DqoScheme.All.Fuzz(DqoScheme.All.HuntFor(DqoDefects.Published, seed: 5) with { Claims = ClaimSet.Of(claim), Operations = 2 * Budget });

        Assert.Equal(claim, result.Finding?.Claim);
    }

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
