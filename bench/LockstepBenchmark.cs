using BenchmarkDotNet.Attributes;

namespace RxVerify.Benchmarks;

/// <summary>One operation under the eyes of every claim, without and with the model in lockstep.</summary>
public class LockstepBenchmark
{
    private RecordedRun _run = null!;

    [GlobalSetup(Target = nameof(Claims))]
    public void CreateWithoutModel() => _run = new RecordedRun(withModel: false);

    [GlobalSetup(Target = nameof(ClaimsAndModel))]
    public void CreateWithModel() => _run = new RecordedRun(withModel: true);

    [Benchmark(OperationsPerInvoke = RecordedRun.Sequences * RecordedRun.Length, Description = "implementation and claims")]
    public int Claims() => _run.ReplayAll();

    [Benchmark(OperationsPerInvoke = RecordedRun.Sequences * RecordedRun.Length, Description = "implementation, claims and model")]
    public int ClaimsAndModel() => _run.ReplayAll();

    [GlobalCleanup]
    public void Dispose() => _run.Dispose();
}
