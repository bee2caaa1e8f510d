using BenchmarkDotNet.Attributes;

namespace RxVerify.Benchmarks;

/// <summary>One operation under the eyes of every claim, without and with the model in lockstep.</summary>
public class LockstepBenchmark
{
    private RecordedRun _run = null!;

    /// <summary>The schemes, by name.</summary>
    public static IEnumerable<string> Names => RecordedRun.Schemes;

    /// <summary>The scheme.</summary>
    [ParamsSource(nameof(Names))]
    public string Scheme { get; set; } = "";

    [GlobalSetup(Target = nameof(Claims))]
    public void CreateWithoutModel() => _run = RecordedRun.Of(Scheme, withModel: false);

    [GlobalSetup(Target = nameof(ClaimsAndModel))]
    public void CreateWithModel() => _run = RecordedRun.Of(Scheme, withModel: true);

    [Benchmark(OperationsPerInvoke = RecordedRun.Sequences * RecordedRun.Length, Description = "implementation and claims")]
    public int Claims() => _run.ReplayAll();

    [Benchmark(OperationsPerInvoke = RecordedRun.Sequences * RecordedRun.Length, Description = "implementation, claims and model")]
    public int ClaimsAndModel() => _run.ReplayAll();

    [GlobalCleanup]
    public void Dispose() => _run.Dispose();
}
