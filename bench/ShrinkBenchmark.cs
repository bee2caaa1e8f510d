using BenchmarkDotNet.Attributes;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Benchmarks;

/// <summary>A failure of about 500 steps shrunk to its shortest story, configuration and all.</summary>
public class ShrinkBenchmark
{
    private const int Steps = 500;
    private const ulong Hunts = 40;
    private FuzzResult<DqoConfiguration, DqoOperation> _found = null!;

    /// <summary>Mistakes of unlike kinds: counting, copying, giving up pages, replenishing, assembly, refilling.</summary>
    internal static readonly string[] Defects =
        ["CountsBeforePaying", "ClassifiesAfterCopy", "DiscardTakesAReference", "ReplenishesTooMuch", "RestStartsNewPacket", "WaitsForAFullBatch"];

    /// <summary>The planted mistakes, by name.</summary>
    public static IEnumerable<string> Names => Defects;

    /// <summary>The planted mistake.</summary>
    [ParamsSource(nameof(Names))]
    public string Defect { get; set; } = "";

    [GlobalSetup]
    public void Find() => _found = FailureOf(DqoDefects.Named(Defect)!);

    [Benchmark(Description = "shrink about 500 steps")]
    public int Shrink() => _found.Shrink().Length;

    /// <summary>Of some hunts' failures the one whose length is nearest to 500 steps.</summary>
    internal static FuzzResult<DqoConfiguration, DqoOperation> FailureOf(DqoDefect defect)
    {
        FuzzResult<DqoConfiguration, DqoOperation>? nearest = null;
        for (ulong seed = 1; seed <= Hunts; seed++)
        {
            var result = DqoScheme.All.Fuzz(DqoScheme.All.HuntFor(defect, seed));
            if (result.Failure is { } failure && (nearest?.Failure is not { } best || Distance(failure) < Distance(best)))
            {
                nearest = result;
            }
        }

        return nearest ?? throw new InvalidOperationException($"{Hunts} hunts did not find {defect}.");
    }

    private static int Distance(Failure<DqoConfiguration, DqoOperation> failure) => Math.Abs(failure.Operations.Length - Steps);
}
