using BenchmarkDotNet.Attributes;

namespace RxVerify.Benchmarks;

/// <summary>One packet of 1,500 bytes through the whole receive path: received, handed up, let go, its buffer posted again.</summary>
public class DqoReceiveBenchmark
{
    /// <summary>Packets of one poll, the kernel's NAPI budget.</summary>
    internal const int Packets = 64;

    /// <summary>Above the copybreak, so not copied.</summary>
    internal const int Size = 1500;

    private ManagedQueue _managed = null!;
    private NativeQueue _native = null!;
    private NativeQueue _plain = null!;

    [GlobalSetup]
    public void CreateManaged() => _managed = new ManagedQueue(Yardstick.Production, Yardstick.Skbs);

    [GlobalSetup(Target = nameof(C))]
    public void CreateNative() => _native = new NativeQueue(Yardstick.Production, Yardstick.Skbs, hasLedgers: true);

    [GlobalSetup(Target = nameof(CWithoutLedgers))]
    public void CreatePlain() => _plain = new NativeQueue(Yardstick.Production, Yardstick.Skbs, hasLedgers: false);

    [Benchmark(Baseline = true, OperationsPerInvoke = Packets, Description = "C, same work")]
    [BenchmarkCategory(NativeQueue.Category)]
    public int C() => _native.Batch(Packets, Size);

    [Benchmark(OperationsPerInvoke = Packets, Description = "C, without ledgers")]
    [BenchmarkCategory(NativeQueue.Category)]
    public int CWithoutLedgers() => _plain.Batch(Packets, Size);

    [Benchmark(OperationsPerInvoke = Packets, Description = "C#")]
    public int Managed() => _managed.Batch(Packets, Size);

    [GlobalCleanup]
    public void Dispose()
    {
        _managed?.Dispose();
        _native?.Dispose();
        _plain?.Dispose();
    }
}
