using System.Diagnostics.CodeAnalysis;
using RxVerify.Properties;
using Xunit.Abstractions;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of the planted mistakes that are safe.</summary>
[SuppressMessage("Design", "CA1000", Justification = "xunit looks for the rows of a theory in the class that declares it.")]
public abstract class HarmlessDefectTests<TTested>(ITestOutputHelper output)
    where TTested : ITestedScheme
{
    public static TheoryData<string> Harmless => [.. TTested.Scheme.Defects.Where(defect => defect.Breaks is null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Harmless))]
    public void A_harmless_mistake_breaks_no_claim_and_survives(string name)
    {
        var result = TTested.Scheme.Fuzz(TTested.Scheme.HuntFor(Defect.Named(TTested.Scheme.Defects, name)!, seed: 1) with { Operations = 500_000 * Effort.Factor });

        Stories.AssertHeld(result, output);
    }
}
