using System.Runtime.InteropServices;

namespace RxVerify.Explorer;

/// <summary>
/// The set of visited keys, exact: full keys of one size, in order of arrival, found by open addressing with linear probing.
/// </summary>
public sealed class KeySet(int keySize)
{
    private const int FirstCapacity = 1 << 10;
    private const int KeysPerBlock = 1 << 12;

    // Full slots at most three quarters: linear probing degrades beyond.
    private const int LoadNumerator = 3;
    private const int LoadDenominator = 4;
    private readonly List<byte[]> _blocks = [];
    private int[] _slots = new int[FirstCapacity];

    /// <summary>Keys in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a key. Returns its index by order of arrival; <paramref name="isNew"/> tells whether it came now.</summary>
    public int Add(ReadOnlySpan<byte> key, out bool isNew)
    {
        int slot = Find(key);
        isNew = _slots[slot] == 0;
        if (!isNew)
        {
            return _slots[slot] - 1;
        }

        if (Count % KeysPerBlock == 0)
        {
            _blocks.Add(new byte[KeysPerBlock * keySize]);
        }

        int index = Count++;
        key.CopyTo(At(index));
        _slots[slot] = index + 1;
        if ((long)Count * LoadDenominator > (long)_slots.Length * LoadNumerator)
        {
            Grow();
        }

        return index;
    }

    /// <summary>The key with this index.</summary>
    public Span<byte> At(int index) => _blocks[index / KeysPerBlock].AsSpan(index % KeysPerBlock * keySize, keySize);

    private int Find(ReadOnlySpan<byte> key)
    {
        int mask = _slots.Length - 1;
        int slot = (int)Hash(key) & mask;
        while (_slots[slot] != 0 && !At(_slots[slot] - 1).SequenceEqual(key))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (int index = 0; index < Count; index++)
        {
            _slots[Find(At(index))] = index + 1;
        }
    }

    /// <summary>Our own mixing: the runtime's hashes differ from run to run.</summary>
    private static ulong Hash(ReadOnlySpan<byte> key)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(key))
        {
            hash = (hash ^ word) * 0xBF58476D1CE4E5B9;
            hash ^= hash >> 29;
        }

        foreach (byte rest in key[(key.Length & ~7)..])
        {
            hash = (hash ^ rest) * 0x94D049BB133111EB;
            hash ^= hash >> 32;
        }

        return hash ^ (hash >> 31);
    }
}
