namespace RxVerify.Implementation.Memory;

/// <summary>A list of limited length in a block, oldest first. What is behind its end is zero, so that equal lists are equal bytes.</summary>
/// <typeparam name="T">What it lists.</typeparam>
internal unsafe struct HeldList<T>
    where T : unmanaged
{
    private int* _count;
    private T* _items;

    /// <summary>All there are.</summary>
    public readonly Span<T> Items => new(_items, *_count);

    /// <summary>How many there are.</summary>
    public readonly int Count => *_count;

    public void Lay(ref BlockCursor cursor, int capacity)
    {
        _count = cursor.Take<int>(1);
        _items = cursor.Take<T>(capacity);
    }

    /// <summary>One more, at the end.</summary>
    public readonly void Add(in T item) => _items[(*_count)++] = item;

    /// <summary>Some go, and those behind them move up.</summary>
    public readonly void Remove(int place, int count)
    {
        var all = Items;
        all[(place + count)..].CopyTo(all[place..]);
        all[^count..].Clear();
        *_count -= count;
    }
}
