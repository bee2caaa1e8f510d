using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Mana;

/// <summary>Each decision of <see cref="IManaRules"/> made wrongly: it is asked for, and whatever it does stays inside the emulation.</summary>
public sealed class ManaQueueWrongRulesTests
{
    // The third: 4096 / (479 + 334) is 5, and 4096 / A64(479 + 334) is 4.
    private static readonly ManaConfiguration[] Small = [ManaQueueBench.Fragments, ManaQueueBench.Pages, ManaQueueBench.Fragments with { Mtu = 479 }];

    public static TheoryData<string> Names => [.. Wrong.Keys];

    private static Dictionary<string, Type> Wrong { get; } = typeof(ManaQueueWrongRulesTests)
        .GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
        .Where(type => typeof(IManaRules).IsAssignableFrom(type))
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void There_is_a_wrong_one_for_each_decision() =>
        Assert.Equal(
            typeof(IManaRules).GetMethods().Select(method => method.Name.Replace("get_", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Wrong.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_decision_shows_and_does_no_harm_to_the_emulation(string name)
    {
        bool differs = false;
        foreach (var configuration in Small)
        {
            using var right = new ManaWorld<RightManaRules, RightPoolRules>(configuration);
            using var wrong = WorldOf(name, configuration);
            differs = differs || Enumerable.Range(1, 4).Any(seed => Differ(right, wrong, new Dice((ulong)seed)));

            // On it goes by its own rules, with all the damage done so far.
            var dice = new Dice(99);
            for (int step = 0; step < 20_000; step++)
            {
                var operation = ManaQueueWalk.Next(ref dice, wrong);
                if (wrong.Allows(operation))
                {
                    wrong.Apply(operation);
                    Assert.InRange(wrong.Load, 0, configuration.HeldMax);
                    Assert.InRange(wrong.Queue.NextSlot, 0, configuration.QueueSize - 1);
                }
            }
        }

        Assert.True(differs, $"{name} makes no difference in what is allowed, returned or remembered");
    }

    [Fact]
    public void Pools_of_whose_pages_nobody_knows_the_right_one_do_no_harm_either()
    {
        using var wrong = new ManaWorld<CopiesForeignPageToRedirect, ForgetsWhoseThePageIs>(ManaQueueBench.Fragments);
        var dice = new Dice(99);
        int below = 0;
        for (int step = 0; step < 20_000; step++)
        {
            var operation = ManaQueueWalk.Next(ref dice, wrong);
            if (wrong.Allows(operation))
            {
                wrong.Apply(operation);
                below += wrong.WaitingPools > 0 && wrong.WaitingPoolAt(0).Inflight < 0 ? 1 : 0;
            }
        }

        // B.7 #13, as on 5.15: pages enter the pool that it never counted.
        Assert.True(below > 0, "inflight was never negative");
    }

    [Fact]
    public void What_was_never_made_is_undone_under_a_trap_that_says_so()
    {
        using var bench = new ManaQueueBench(new ManaWorld<UndoesWhatWasDone, RightPoolRules>(ManaQueueBench.Fragments));
        bench.Apply(ManaOperation.Teardown());
        bench.Apply(ManaOperation.Create(fault: ManaFault.Resource, after: 3), TrapKind.ResourceNotHeld);
        Assert.Equal((int)ManaResource.XdpRegistration, bench.Memory.Trap.Offset);
        Assert.Equal("something was given back, or used, that is not there (index 4)", bench.Memory.Trap.ToString());
    }

    [Fact]
    public void A_fragment_too_short_for_the_shared_info_is_trapped_with_its_first_skb()
    {
        using var bench = new ManaQueueBench(new ManaWorld<BytesToAllocate, RightPoolRules>(ManaQueueBench.Fragments));

        // A64(1514) = 1536 bytes were asked for, and the shared info begins behind the last that the device may write.
        Assert.Equal(1536, bench.Queue.Layout.AllocSize);
        bench.Apply(ManaOperation.Receive(1), TrapKind.None);
        bench.Apply(ManaOperation.Poll(), TrapKind.OutOfBounds);
        Assert.Equal((1536, 320), (bench.Memory.Trap.Offset, bench.Memory.Trap.Length));
    }

    [Fact]
    public void A_packet_sent_back_whose_page_is_used_again_too_early_is_trapped()
    {
        using var bench = new ManaQueueBench(new ManaWorld<KeepsUntilTransmitted, RightPoolRules>(ManaQueueBench.Fragments));
        bench.Apply(ManaOperation.Teardown(), ManaOperation.Create(program: true));
        bench.Deliver(verdict: ManaVerdict.Tx);

        // The page is in the cache and the one that the next packet's slot gets; the device comes to it three packets later.
        bench.Deliver(3);
        bench.Apply(ManaOperation.Receive(1));
        bench.Apply(ManaOperation.Receive(1), TrapKind.DeviceWroteHeldBytes);
    }

    private static ManaWorld WorldOf(string name, ManaConfiguration configuration) =>
        (ManaWorld)Activator.CreateInstance(typeof(ManaWorld<,>).MakeGenericType(Wrong[name], typeof(RightPoolRules)), configuration)!;

    /// <summary>Whether the same operations make two worlds different before 4000 of them are done.</summary>
    private static bool Differ(ManaWorld right, ManaWorld wrong, Dice dice) => Worlds.Differ(right, wrong, () => ManaQueueWalk.Next(ref dice, right), 4_000);

    private readonly struct ForgetsWhoseThePageIs : IPoolRules
    {
        static int IPoolRules.PoolOf(int named, int registered) => registered;

        static bool IPoolRules.HeedsFragments => false;
    }

    private readonly struct BytesToAllocate : IManaRules
    {
        static int IManaRules.BytesToAllocate(int needed, int sharedInfo) => needed - sharedInfo;
    }

    private readonly struct BytesToCount : IManaRules
    {
        static int IManaRules.BytesToCount(int needed, int aligned) => needed;
    }

    private readonly struct BytesToCharge : IManaRules
    {
        static int IManaRules.BytesToCharge(int asked, int allocated) => asked;
    }

    private readonly struct BytesToChargeForForeignPage : IManaRules
    {
        static int IManaRules.BytesToChargeForForeignPage(int fragment, int page) => fragment;
    }

    private readonly struct HeadroomInAddress : IManaRules
    {
        static int IManaRules.HeadroomInAddress(int headroom) => 0;
    }

    private readonly struct UnmapsAtHandOver : IManaRules
    {
        static bool IManaRules.UnmapsAtHandOver(bool isWholePage, bool isFromPool) => true;
    }

    private readonly struct UnmapsAtTeardown : IManaRules
    {
        static bool IManaRules.UnmapsAtTeardown(bool isWholePage, bool isFromPool) => isWholePage;
    }

    private readonly struct ReturnsToPoolAtTeardown : IManaRules
    {
        static bool IManaRules.ReturnsToPoolAtTeardown(bool isWholePage, bool isFromPool) => !isWholePage || isFromPool;
    }

    private readonly struct SyncsFragments : IManaRules
    {
        static bool IManaRules.SyncsFragments => false;
    }

    private readonly struct ChecksLength : IManaRules
    {
        static bool IManaRules.ChecksLength => false;
    }

    private readonly struct RepostsAfterNoLength : IManaRules
    {
        static bool IManaRules.RepostsAfterNoLength => false;
    }

    private readonly struct RepostsAfterUnknownType : IManaRules
    {
        static bool IManaRules.RepostsAfterUnknownType => false;
    }

    private readonly struct GoesOnAfterForeignCompletion : IManaRules
    {
        static bool IManaRules.GoesOnAfterForeignCompletion => false;
    }

    private readonly struct KeepsBufferWithoutReplacement : IManaRules
    {
        static bool IManaRules.KeepsBufferWithoutReplacement => false;
    }

    private readonly struct RepostsWithoutReplacement : IManaRules
    {
        static bool IManaRules.RepostsWithoutReplacement => false;
    }

    private readonly struct MovesTailFirst : IManaRules
    {
        static bool IManaRules.MovesTailFirst => false;
    }

    private readonly struct DropsFragmentAlone : IManaRules
    {
        static bool IManaRules.DropsFragmentAlone => false;
    }

    private readonly struct DropsToPool : IManaRules
    {
        static bool IManaRules.DropsToPool(bool isFromPool) => true;
    }

    private readonly struct SavesDroppedPage : IManaRules
    {
        static bool IManaRules.SavesDroppedPage(bool isWholePage) => true;
    }

    private readonly struct LeavesRedirected : IManaRules
    {
        static bool IManaRules.LeavesRedirected => false;
    }

    private readonly struct DropsAfterFailedRedirect : IManaRules
    {
        static bool IManaRules.DropsAfterFailedRedirect => false;
    }

    private readonly struct CopiesForeignPageToRedirect : IManaRules
    {
        static bool IManaRules.CopiesForeignPageToRedirect => false;
    }

    private readonly struct BuildsSkbAfterVerdict : IManaRules
    {
        static bool IManaRules.BuildsSkbAfterVerdict => false;
    }

    private readonly struct MarksForRecycling : IManaRules
    {
        static bool IManaRules.MarksForRecycling(bool isFromPool) => false;
    }

    private readonly struct KeepsUntilTransmitted : IManaRules
    {
        static bool IManaRules.KeepsUntilTransmitted => false;
    }

    private readonly struct GivesBuffersBackFirst : IManaRules
    {
        static bool IManaRules.GivesBuffersBackFirst => false;
    }

    private readonly struct UndoesWhatWasDone : IManaRules
    {
        static bool IManaRules.UndoesWhatWasDone => false;
    }
}
