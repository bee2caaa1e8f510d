using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
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

    // What did not change is not decided again; with any claims watched for, that must not show.
    [Theory]
    [MemberData(nameof(EveryDefect))]
    public void A_witness_that_decides_what_changed_finds_what_one_finds_that_decides_everything(string? defect)
    {
        var dice = new Dice(7);
        for (int round = 0; round < 30; round++)
        {
            var scope = dice.Of(DqoScope.None, DqoScope.Hostile, DqoScope.PageList);
            var configuration = DqoConfigurations.Draw(ref dice, scope);
            var claims = dice.OneIn(2) ? ClaimSet.All : new ClaimSet(dice.Next());
            using var world = DqoDefects.WorldOf(defect is null ? null : DqoDefects.Named(defect), configuration);
            using var twin = DqoDefects.WorldOf(defect is null ? null : DqoDefects.Named(defect), configuration);
            var witness = new DqoWitness(world, claims, keepsFacts: false);
            var thorough = new DqoWitness(twin, claims, keepsFacts: false) { DecidesEverything = true };
            var generator = new DqoGenerator(dice.Next(), scope);
            Finding? found = null;
            for (int step = 0; step < 300 && found is null && world.Memory.Trap.Kind == TrapKind.None; step++)
            {
                var operation = generator.Next(world);
                if (!world.Allows(operation))
                {
                    continue;
                }

                found = Step(world, witness, operation);
                Assert.Equal(Step(twin, thorough, operation), found);
                Assert.True(witness.Places.SequenceEqual(thorough.Places), $"places differ after {DqoWords.Of(operation)}");
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
        var options = DqoScheme.All.HuntFor(DqoDefects.Named(defect)!, seed: 1) with
        {
            Claims = ClaimSet.Of(claim),
            WithModel = claim == DqoClaims.Agreement,
            Operations = 400_000,
        };

        Assert.Equal(claim, DqoScheme.All.Fuzz(options).Finding?.Claim);
    }

    [Theory]
    [InlineData("TrustsLength", "its length is a lie: the device reported more bytes than the chunk has")]
    [InlineData("AcceptsUnpostedBuffers", "its buffer is a lie: the device named one that was not posted")]
    public void Of_a_packet_that_the_device_lied_about_the_finding_says_what_the_lie_was(string defect, string lie)
    {
        var options = DqoScheme.All.HuntFor(DqoDefects.Named(defect)!, seed: 1) with { Claims = ClaimSet.Of(DqoClaims.DamagedStaysOut), Operations = 400_000 };

        var finding = DqoScheme.All.Fuzz(options).Finding;

        Assert.Equal(DqoClaims.DamagedStaysOut, finding?.Claim);
        Assert.EndsWith($" was handed up, and {lie}", finding!.Detail, StringComparison.Ordinal);
        Assert.StartsWith("lied about its ", finding.Conflict!.Second.Does, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_counted_twice_do_not_make_up_for_a_packet_that_is_lost_later()
    {
        using var run = new DqoRun(DqoDefects.WorldOf(DqoDefects.Named("DropsUncounted"), new DqoConfiguration()), ClaimSet.All, withModel: false);

        // One packet of two completions, both of which fail and are counted.
        Assert.True(run.Step(DqoOperation.Lied(DqoLie.UnknownId, endOfPacket: false)));
        Assert.True(run.Step(DqoOperation.Lied(DqoLie.UnknownId)));
        Assert.True(run.Step(DqoOperation.Poll()));
        Assert.Equal(2, run.World.Queue.Counters.DescriptorErrors);

        Assert.True(run.Step(DqoOperation.Receive(1000, traits: DqoTraits.Rsc | DqoTraits.Udp)));
        Assert.False(run.Step(DqoOperation.Poll()));
        Assert.Equal(DqoClaims.NothingLostSilently, run.Finding!.Claim);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_packet_that_fails_in_one_poll_and_ends_in_another_is_no_silent_loss(int damaged)
    {
        using var run = new DqoRun(DqoDefects.WorldOf(null, new DqoConfiguration()), ClaimSet.All, withModel: true);
        Assert.True(run.Step(DqoOperation.Receive(6000, buffers: 3, damaged: damaged)));
        for (int poll = 0; poll < 3; poll++)
        {
            Assert.True(run.Step(DqoOperation.Poll(budget: 1)), run.Finding?.Detail);
        }

        Assert.Equal(1, run.World.Queue.Counters.DescriptorErrors);
    }

    [Fact]
    public void A_write_to_a_chunk_that_the_driver_took_back_is_seen_although_nobody_holds_it()
    {
        var options = DqoScheme.All.HuntFor(DqoDefects.Named("NeverFlipsGeneration")!, seed: 1) with { Claims = ClaimSet.Of(DqoClaims.DeviceStaysInside) };

        Assert.EndsWith("where the driver has posted nothing", DqoScheme.All.Fuzz(options).Finding?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2048, true)]
    [InlineData(100, 1, true)]
    [InlineData(0, 2049, false)] // one byte beyond the chunk
    [InlineData(2048, 1, false)] // the other chunk of the page
    public unsafe void A_device_that_writes_beside_what_it_was_given_is_seen(int offset, int length, bool holds)
    {
        using var world = DqoDefects.WorldOf(null, new DqoConfiguration());
        var witness = new DqoWitness(world, ClaimSet.All, keepsFacts: false);
        witness.BeginStep(DqoOperation.Receive(300));
        var outcome = world.Apply(DqoOperation.Receive(300));
        world.Iommu.DeviceAccess(world.Device.VisibleAt(3).Address + (ulong)offset, length);

        Assert.Equal(holds ? null : DqoClaims.DeviceStaysInside, witness.EndStep(DqoOperation.Receive(300), outcome)?.Claim);
    }

    public static TheoryData<string?> EveryDefect() => new([null, .. DqoDefects.All.Select(defect => defect.Name)]);

    private static Finding? Step(DqoWorld world, DqoWitness witness, DqoOperation operation)
    {
        witness.BeginStep(operation);
        return witness.EndStep(operation, world.Apply(operation));
    }
}
