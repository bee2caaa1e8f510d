using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;

namespace RxVerify.Benchmarks;

/// <summary>Whether C and C# do the same work: the same steps have to leave the same lists, offsets, counts and statistics.</summary>
internal static class DqoYardstick
{
    /// <summary>The production constants (A.2), with a stack that holds what one poll hands up.</summary>
    public static readonly DqoConfiguration Production = new() { StackCapacity = 64 };

    /// <summary>Skbs in either form: two polls' worth.</summary>
    public const int Skbs = 128;

    private const int Steps = 200_000;
    private const int StepsBetweenDigests = 50;

    // Rings wrap, used lists are probed, pages are given up and the bias runs out every few steps.
    private static readonly DqoConfiguration Small = new()
    {
        BufferSlots = 16,
        CompletionSlots = 16,
        BufferStates = 24,
        BiasLimit = 5,
        DoorbellBatch = 4,
        FragmentsMax = 2,
        StackCapacity = 32,
    };

    /// <summary>Drives both forms through the same random steps. Returns what was compared.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static string Check()
    {
        Check(Production, hasLedgers: true);
        Check(Production, hasLedgers: false);
        Check(Small, hasLedgers: true);
        Check(Small, hasLedgers: false);
        return $"{Steps} random steps on the production queue and on a small one, with and without ledgers.";
    }

    private static void Check(DqoConfiguration configuration, bool hasLedgers)
    {
        int skbs = configuration.StackCapacity + configuration.CompletionSlots + 1;
        using var managed = new DqoManagedQueue(configuration, skbs);
        using var native = new DqoNativeQueue(configuration, skbs, hasLedgers);
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

    private static void Step(ref Dice dice, DqoConfiguration configuration, DqoManagedQueue managed, DqoNativeQueue native)
    {
        int kind = dice.Below(8);
        int room = Math.Min(managed.Visible, configuration.StackCapacity - managed.Load - managed.Pending);
        if (kind < 5 && room > 0)
        {
            int buffers = dice.OneIn(4) ? dice.Between(1, Math.Min(room, 6)) : 1;
            int size = dice.Between(buffers, buffers * configuration.ChunkSize);
            managed.Receive(size, buffers);
            native.Receive(size, buffers);
        }
        else if (kind < 6)
        {
            int budget = dice.Between(1, 64);
            if (managed.Poll(budget) != native.Poll(budget))
            {
                throw new InvalidOperationException("A poll's work differs between C and C#: the comparison would mean nothing.");
            }
        }
        else if (managed.Held > 0)
        {
            int place = dice.Below(managed.Held);
            managed.Release(place);
            native.Release(place);
        }
    }
}
