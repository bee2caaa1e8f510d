namespace RxVerify.Explorer;

/// <summary>A list outside the managed heap that doubles.</summary>
/// <typeparam name="T">What it holds.</typeparam>
internal sealed unsafe class NativeList<T> : IDisposable
    where T : unmanaged
{
    private NativeArray<T> _values = new(1 << 10);

    /// <summary>Values in the list.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _values.Bytes;

    /// <summary>The value at a place.</summary>
    public ref T this[long at] => ref _values.Start[at];

    /// <summary>Adds a value.</summary>
    public void Add(T value)
    {
        if (Count == _values.Length)
        {
            var old = _values;
            _values = new NativeArray<T>(2 * Count);
            Buffer.MemoryCopy(old.Start, _values.Start, _values.Bytes, old.Bytes);
            old.Dispose();
        }

        _values.Start[Count++] = value;
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
