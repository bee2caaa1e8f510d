using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RxVerify.Explorer;

/// <summary>
/// The visited states: open addressing with linear probing over one array of words, shared by all workers. Exact: a word holds
/// half of the hash and the state's index, and the whole key decides. With fingerprints the word is the hash, and decides.
/// </summary>
internal sealed unsafe class VisitedSet : IDisposable
{
    /// <summary>The state was there already; its index is not known with fingerprints.</summary>
    public const uint Unknown = uint.MaxValue;

    private const int FirstSlots = 1 << 16;

    // Full slots at most seven eighths: beyond, linear probing costs more than the memory is worth.
    private const int LoadNumerator = 7;
    private const int LoadDenominator = 8;
    private const int TagShift = 32;
    private readonly int _keyWords;
    private NativeArray<ulong> _slots = new(FirstSlots);
    private ulong* _start;
    private ulong _mask;

    // A search begins at the slot that the top bits name: those bits are in the word, so growing reads no keys, and goes in order.
    private int _shift;

    /// <summary>An empty set.</summary>
    /// <param name="keyWords">Words of a key.</param>
    /// <param name="exact">Whether whole keys are kept and compared.</param>
    public VisitedSet(int keyWords, bool exact)
    {
        _keyWords = keyWords;
        Log = exact ? new StateLog(keyWords) : null;
        Attach();
    }

    /// <summary>The states' keys and parents; null with fingerprints.</summary>
    public StateLog? Log { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _slots.Bytes + (Log?.Bytes ?? 0);

    /// <summary>Whether so many states fit without growing.</summary>
    public bool HasRoomFor(long states) => states * LoadDenominator <= _slots.Length * LoadNumerator;

    /// <summary>Our own mixing: the runtime's hashes differ from run to run. One word is mixed without loss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashOf(ulong* key)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        for (int word = 0; word < _keyWords; word++)
        {
            hash = (hash ^ key[word]) * 0xBF58476D1CE4E5B9;
            hash ^= hash >> 32;
        }

        hash *= 0x94D049BB133111EB;
        hash ^= hash >> 29;

        // 0 marks an empty slot.
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Asks for the slot at which a search will begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchSlot(ulong hash)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_start + (hash >> _shift));
        }
    }

    /// <summary>Asks for the key with which a search will probably have to compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchKey(ulong hash)
    {
        ulong found = _start[hash >> _shift];
        if (Sse.IsSupported && Log is not null && found >> TagShift == hash >> TagShift)
        {
            Sse.Prefetch0(Log.Key((uint)found - 1));
        }
    }

    /// <summary>Adds a state that may be there already. Returns whether it is new.</summary>
    /// <param name="hash">Its key's hash.</param>
    /// <param name="key">Its key.</param>
    /// <param name="index">The index it gets when it is new, to which key and parent were not yet written; otherwise, its own.</param>
    /// <param name="parent">The state it was reached from.</param>
    public bool Add(ulong hash, ulong* key, ref uint index, uint parent)
    {
        bool written = false;
        uint offered = index;
        for (ulong slot = hash >> _shift; ; slot = (slot + 1) & _mask)
        {
            ulong found = Volatile.Read(ref _start[slot]);
            if (found == 0)
            {
                ulong word = hash;
                if (Log is not null)
                {
                    if (!written)
                    {
                        CopyKey(key, Log.Key(offered));
                        Log.Parent(offered) = parent;
                        written = true;
                    }

                    word = (hash >> TagShift << TagShift) | (offered + 1);
                }

                found = Interlocked.CompareExchange(ref _start[slot], word, 0);
                if (found == 0)
                {
                    index = offered;
                    return true;
                }
            }

            if (Log is null)
            {
                if (found == hash)
                {
                    index = Unknown;
                    return false;
                }
            }
            else if (found >> TagShift == hash >> TagShift && IsKey(Log.Key((uint)found - 1), key))
            {
                index = (uint)found - 1;
                return false;
            }
        }
    }

    /// <summary>The index of the state with this key, or <see cref="Unknown"/>.</summary>
    public uint Find(ulong* key)
    {
        ulong hash = HashOf(key);
        for (ulong slot = hash >> _shift; _start[slot] != 0; slot = (slot + 1) & _mask)
        {
            uint index = (uint)_start[slot] - 1;
            if (_start[slot] >> TagShift == hash >> TagShift && IsKey(Log!.Key(index), key))
            {
                return index;
            }
        }

        return Unknown;
    }

    /// <summary>Doubles the slots; nobody may be adding.</summary>
    public void Grow()
    {
        var old = _slots;
        _slots = new NativeArray<ulong>(2 * old.Length);
        Attach();
        for (long slot = 0; slot < old.Length; slot++)
        {
            if (old.Start[slot] != 0)
            {
                Place(old.Start[slot]);
            }
        }

        old.Dispose();
    }

    /// <summary>Slots, full or empty.</summary>
    public long Slots => _slots.Length;

    /// <summary>Writes everything; nobody may be adding.</summary>
    public void Write(BinaryWriter to)
    {
        to.Write(_slots.Length);
        _slots.Write(to);
        Log?.Write(to);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, into an empty set.</summary>
    public void Read(BinaryReader from)
    {
        _slots.Dispose();
        _slots = new NativeArray<ulong>(from.ReadInt64());
        Attach();
        _slots.Read(from);
        Log?.Read(from);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots.Dispose();
        Log?.Dispose();
    }

    private void Place(ulong word)
    {
        ulong slot = word >> _shift;
        while (_start[slot] != 0)
        {
            slot = (slot + 1) & _mask;
        }

        _start[slot] = word;
    }

    private void Attach()
    {
        _start = _slots.Start;
        _mask = (ulong)_slots.Length - 1;
        _shift = BitOperations.LeadingZeroCount(_mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyKey(ulong* from, ulong* to)
    {
        for (int word = 0; word < _keyWords; word++)
        {
            to[word] = from[word];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKey(ulong* left, ulong* right)
    {
        for (int word = 0; word < _keyWords; word++)
        {
            if (left[word] != right[word])
            {
                return false;
            }
        }

        return true;
    }
}
