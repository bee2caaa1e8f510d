namespace RxVerify.Benchmarks;

/// <summary>FNV-1a over 64-bit words, as mix in native/emulation.h.</summary>
internal struct Digest()
{
    public ulong Value { get; private set; } = 0xcbf29ce484222325;

    public void Add(params ReadOnlySpan<long> values)
    {
        foreach (long value in values)
        {
            Value = (Value ^ (ulong)value) * 0x100000001b3;
        }
    }
}
