using System.Diagnostics.CodeAnalysis;
using RxVerify.Properties;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of drivers as they were published, with several mistakes together.</summary>
[SuppressMessage("Design", "CA1000", Justification = "xunit looks for the rows of a theory in the class that declares it.")]
public abstract class PublishedDriverTests<TTested>
    where TTested : ITestedScheme
{
    private const long Budget = 800_000;

    public static TheoryData<string, string> Claims
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var defect in TTested.Scheme.Defects)
            {
                foreach (var claim in defect.AlsoBreaks)
                {
                    rows.Add(defect.Name, claim.Id);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_driver_with_several_mistakes_breaks_each_claim_they_are_known_for(string name, string id)
    {
        var claim = TTested.Scheme.Claims.Single(claim => claim.Id == id);
        var defect = Defect.Named(TTested.Scheme.Defects, name)!;
        var hunt = TTested.Scheme.HuntsFor(defect, seed: 5).Single(hunt => hunt.Claims == ClaimSet.Of(claim));

        Assert.Equal(claim, TTested.Scheme.Fuzz(hunt with { Operations = Budget }).Finding?.Claim);
    }
}
