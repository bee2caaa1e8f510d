using BenchmarkDotNet.Attributes;

namespace RxVerify.Benchmarks;

/// <summary>One packet of 1,500 bytes through the whole receive path: received, handed up, let go, its buffer posted again.</summary>
public abstract class ReceiveBenchmark
{
    /// <summary>Packets of one poll, the kernel's NAPI budget.</summary>
    internal const int Packets = 64;

    /// <summary>Above the copybreak of DQO, so not copied.</summary>
    internal const int Size = 1500;

    private IReceiveQueue? _queue;

    [GlobalSetup(Target = nameof(Managed))]
    public void CreateManaged() => _queue = NewManaged();

    [GlobalSetup(Target = nameof(C))]
    public void CreateNative() => _queue = NewNative(hasLedgers: true);

    [GlobalSetup(Target = nameof(CWithoutLedgers))]
    public void CreatePlain() => _queue = NewNative(hasLedgers: false);

    [Benchmark(Baseline = true, OperationsPerInvoke = Packets, Description = "C, same work")]
    [BenchmarkCategory(NativeCode.Category)]
    public int C() => _queue!.Batch(Packets, Size);

    [Benchmark(OperationsPerInvoke = Packets, Description = "C, without ledgers")]
    [BenchmarkCategory(NativeCode.Category)]
    public int CWithoutLedgers() => _queue!.Batch(Packets, Size);

    [Benchmark(OperationsPerInvoke = Packets, Description = "C#")]
    public int Managed() => _queue!.Batch(Packets, Size);

    [GlobalCleanup]
    public void Dispose() => _queue?.Dispose();

    internal abstract IReceiveQueue NewManaged();

    internal abstract IReceiveQueue NewNative(bool hasLedgers);
}

/// <summary>The DQO queue.</summary>
public class DqoReceiveBenchmark : ReceiveBenchmark
{
    internal override IReceiveQueue NewManaged() => new DqoManagedQueue(DqoYardstick.Production, DqoYardstick.Skbs);

    internal override IReceiveQueue NewNative(bool hasLedgers) => new DqoNativeQueue(DqoYardstick.Production, DqoYardstick.Skbs, hasLedgers);
}

/// <summary>The MANA queue on fragments of a page pool.</summary>
public class ManaReceiveBenchmark : ReceiveBenchmark
{
    /// <summary>Whether readers let go on the pool's processor, so that pages go to its cache, or elsewhere, to its ring.</summary>
    [Params(false, true)]
    public bool IsLocal { get; set; }

    internal override IReceiveQueue NewManaged() => new ManaManagedQueue(ManaYardstick.Production, IsLocal);

    internal override IReceiveQueue NewNative(bool hasLedgers) => new ManaNativeQueue(ManaYardstick.Production, IsLocal, hasLedgers);
}
