using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Dqo;

public class DqoWitnessTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("KeepsUnmappedPage")]
    [InlineData("DiscardKeepsPage")]
    public void Looking_changes_nothing_of_what_is_looked_at(string? defect)
    {
        var dice = new Dice(12);
        for (int round = 0; round < 20; round++)
        {
            using var world = DqoDefects.WorldOf(defect is null ? null : DqoDefects.Named(defect), DqoConfigurations.Draw(ref dice, DqoScope.Hostile));
            var witness = new DqoWitness(world, ClaimSet.Of(), keepsFacts: false);
            var generator = new DqoGenerator(dice.Next(), DqoScope.Hostile);
            for (int step = 0; step < 200; step++)
            {
                var operation = generator.Next(world);
                if (!world.Allows(operation))
                {
                    continue;
                }

                witness.BeginStep(operation);
                var outcome = world.Apply(operation);
                byte[] before = world.State.Bytes.ToArray();
                witness.EndStep(operation, outcome);
                Assert.True(world.State.Bytes.SequenceEqual(before), $"the check after {DqoWords.Of(operation)} wrote to the world");
            }
        }
    }

    // Claims that no hunt names because another claim shows the harm better; each can be broken all the same.
    [Theory]
    [InlineData("I5", "AdvancesAfterError")]
    [InlineData("bytes", "NeverWaits")]
    [InlineData("agreement", "NeverRecordsLastSingle")]
    public void A_claim_without_a_hunt_of_its_own_breaks_under_a_known_mistake(string id, string defect)
    {
        var claim = DqoClaims.All.Single(claim => claim.Id == id);
        var options = DqoFuzzOptions.HuntFor(DqoDefects.Named(defect)!, seed: 1) with
        {
            Claims = ClaimSet.Of(claim),
            WithModel = claim == DqoClaims.Agreement,
            Operations = 400_000,
        };

        Assert.Equal(claim, DqoFuzz.Run(options).Failure?.Finding.Claim);
    }
}
