using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;

namespace RxVerify.Benchmarks;

/// <summary>Whether C and C# do the same work on the MANA queue: the same steps have to leave the same slots, pages, places and counts.</summary>
internal static class ManaYardstick
{
    /// <summary>
    /// The production constants (B.1): pages of 4 KiB, two fragments each at an MTU of 1,500; with a stack of 128 skbs, one more than can be
    /// held, as <see cref="DqoYardstick.Skbs"/>.
    /// </summary>
    public static readonly ManaConfiguration Production = new() { HeldMax = DqoYardstick.Skbs - 1 };

    private const int Steps = 100_000;
    private const int StepsBetweenDigests = 50;

    // Cache and ring overflow, queues wrap and pages are drained every few steps.
    private static readonly ManaConfiguration Small = new()
    {
        Mtu = 576,
        QueueSize = 8,
        CompletionSlots = 16,
        PollMax = 3,
        PoolCache = 4,
        PoolRefill = 2,
        HeldMax = 24,
    };

    /// <summary>Drives both forms through the same random steps. Returns what was compared.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static string Check()
    {
        foreach (bool hasLedgers in (ReadOnlySpan<bool>)[true, false])
        {
            Check(Production, hasLedgers);
            Check(Production with { PageSize = 65536, QueueSize = 64, CompletionSlots = 64, HeldMax = 128 }, hasLedgers);
            Check(Small, hasLedgers);
        }

        return $"{Steps} random steps on the production queue, on one with pages of 64 KiB and on a small one, with and without ledgers.";
    }

    private static void Check(ManaConfiguration configuration, bool hasLedgers)
    {
        using var managed = new ManaManagedQueue(configuration, isLocal: false);
        using var native = new ManaNativeQueue(configuration, isLocal: false, hasLedgers);
        var dice = new Dice(1);
        for (int step = 0; step < Steps; step++)
        {
            Step(ref dice, configuration, managed, native);
            if (step % StepsBetweenDigests == 0 && managed.Digest() is var digest && (digest == 0 || digest != native.Digest()))
            {
                throw new InvalidOperationException($"C and C# differ after {step + 1} steps: the comparison would mean nothing.");
            }
        }
    }

    private static void Step(ref Dice dice, ManaConfiguration configuration, ManaManagedQueue managed, ManaNativeQueue native)
    {
        int kind = dice.Below(8);
        if (kind < 4 && managed.Visible > 0 && managed.Load < configuration.HeldMax)
        {
            // Now and then a packet that is truncated.
            int size = dice.Between(1, managed.DataSize + (dice.OneIn(10) ? 100 : 0));
            managed.Receive(size);
            native.Receive(size);
        }
        else if (kind < 5)
        {
            if (managed.Poll() != native.Poll())
            {
                throw new InvalidOperationException("A poll's work differs between C and C#: the comparison would mean nothing.");
            }
        }
        else if (managed.Held > 0)
        {
            int place = dice.Below(managed.Held);
            bool isLocal = dice.OneIn(2);
            managed.Release(place, isLocal);
            native.Release(place, isLocal);
        }
    }
}
