using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;
using RxVerify.Properties.Mana;

namespace RxVerify.Tests.Mana;

public class ManaWitnessTests
{
    // What did not change is not decided again; with any claims watched for, that must not show.
    [Theory]
    [MemberData(nameof(EveryDefect))]
    public void A_witness_that_decides_what_changed_finds_what_one_finds_that_decides_everything(string? defect)
    {
        var dice = new Dice(7);
        for (int round = 0; round < 30; round++)
        {
            var configuration = ManaConfigurations.Draw(ref dice, fragments: null);
            var claims = dice.OneIn(2) ? ClaimSet.All : new ClaimSet(dice.Next());
            using var world = WorldOf(defect, configuration);
            using var twin = WorldOf(defect, configuration);
            var witness = new ManaWitness(world, claims);
            var thorough = new ManaWitness(twin, claims) { DecidesEverything = true };
            var generator = new ManaGenerator(dice.Next(), lies: dice.OneIn(2));
            var found = witness.CheckStart();
            Assert.Equal(thorough.CheckStart(), found);
            for (int step = 0; step < 300 && found is null && world.Memory.Trap.Kind == TrapKind.None; step++)
            {
                var operation = generator.Next(world);
                if (!world.Allows(operation))
                {
                    continue;
                }

                found = Step(world, witness, operation);
                Assert.Equal(Step(twin, thorough, operation), found);
            }
        }
    }

    public static TheoryData<string?> EveryDefect() => new([null, .. ManaDefects.All.Select(defect => defect.Name)]);

    private static ManaWorld WorldOf(string? defect, ManaConfiguration configuration) =>
        ManaDefects.WorldOf(defect is null ? null : ManaDefects.Named(defect), configuration);

    private static Finding? Step(ManaWorld world, ManaWitness witness, ManaOperation operation)
    {
        witness.BeginStep();
        world.Apply(operation);
        return witness.EndStep(operation);
    }
}
