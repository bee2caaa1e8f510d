using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RxVerify.Explorer;

/// <summary>
/// The visited states: open addressing over one array of words, a cache line of them at a time, shared by all workers.
/// </summary>
/// <remarks>
/// A word decides alone, or leads to the whole key. It decides alone as a fingerprint, which is a hash, and for keys of one
/// word, which are mixed without loss, so that the word is the key. Otherwise it is half of the hash and the state's index.
/// </remarks>
internal sealed unsafe class VisitedSet : IDisposable
{
    /// <summary>The key of one word that no state may have: it would look like an empty slot.</summary>
    public const ulong NoKey = ulong.MaxValue;

    private const int FirstSlots = 1 << 16;

    // What arrives from memory at once is looked at at once: a search goes on to the next line only when one is full.
    private const int Line = 8;

    // Full slots at most seven eighths: beyond, too many lines are full.
    private const int LoadNumerator = 7;
    private const int LoadDenominator = 8;
    private const int TagShift = 32;
    private readonly int _keyWords;
    private readonly bool _wordDecides;
    private readonly int _workers;
    private NativeArray<ulong> _slots = new(FirstSlots);
    private ulong* _start;
    private ulong _mask;

    // A search begins in the line that the top bits name: those bits are in the word, so growing reads no keys, and goes in order.
    private int _shift;

    /// <summary>An empty set.</summary>
    /// <param name="keyWords">Words of a key.</param>
    /// <param name="exact">Whether whole keys are kept and compared.</param>
    /// <param name="findsIndex">Whether the index of a state that was there already is asked for.</param>
    /// <param name="workers">Who add at once, and help to grow.</param>
    public VisitedSet(int keyWords, bool exact, bool findsIndex, int workers)
    {
        _keyWords = keyWords;
        _workers = workers;
        _wordDecides = !exact || (keyWords == 1 && !findsIndex);
        Log = exact ? new StateLog(keyWords) : null;
        Attach();
    }

    /// <summary>The states' keys and parents; null with fingerprints.</summary>
    public StateLog? Log { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _slots.Bytes + (Log?.Bytes ?? 0);

    /// <summary>Whether so many states fit without growing.</summary>
    public bool HasRoomFor(long states) => states * LoadDenominator <= _slots.Length * LoadNumerator;

    /// <summary>A key's words, mixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashOf(ulong* key)
    {
        // 0 marks an empty slot. Of one word only NoKey becomes 0; of several one hash in 2^64 does, and costs a needless compare.
        ulong hash = Mixing.Step(key[0] + 1);
        for (int word = 1; word < _keyWords; word++)
        {
            hash = Mixing.Step(hash, key[word]);
        }

        hash = Mixing.Finish(hash);
        return hash == 0 && _keyWords > 1 ? 1 : hash;
    }

    /// <summary>Asks for the line in which a search will begin, if there will be one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchLine(ulong hash, bool isSearched)
    {
        if (Sse.IsSupported)
        {
            // No branch: it would be guessed wrong a third of the time.
            Sse.Prefetch0(_start + (isSearched ? FirstSlot(hash) : 0));
        }
    }

    /// <summary>Asks for the key with which a search will probably have to compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchKey(ulong hash)
    {
        if (!Sse.IsSupported || _wordDecides)
        {
            return;
        }

        ulong* line = _start + FirstSlot(hash);
        for (int slot = 0; slot < Line && line[slot] != 0; slot++)
        {
            if (line[slot] >> TagShift == hash >> TagShift)
            {
                Sse.Prefetch0(Log!.Key((uint)line[slot] - 1));
                return;
            }
        }
    }

    /// <summary>Adds a state that may be there already. Returns whether it is new.</summary>
    /// <param name="hash">Its key's hash.</param>
    /// <param name="key">Its key.</param>
    /// <param name="index">The index it gets when it is new; afterwards its own, where that is asked for.</param>
    /// <param name="parent">The state it was reached from.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong hash, ulong* key, ref uint index, uint parent) =>
        _wordDecides ? AddWord(hash, key, index, parent) : AddKey(hash, key, ref index, parent);

    /// <summary>Bytes held besides <see cref="Bytes"/> while growing: both tables are there until the larger is filled.</summary>
    public long BytesToGrow => 2 * _slots.Bytes;

    /// <summary>Doubles the slots; nobody may be adding.</summary>
    public void Grow()
    {
        var old = _slots;
        _slots = new NativeArray<ulong>(2 * old.Length);
        Attach();
        InParts.Do(old.Length, _workers, (first, end) =>
        {
            for (long slot = first; slot < end; slot++)
            {
                if (old.Start[slot] != 0)
                {
                    Place(old.Start[slot]);
                }
            }
        });
        old.Dispose();
    }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong FirstSlot(ulong word) => (word >> _shift) & ~(Line - 1ul);

    private void Place(ulong word)
    {
        ulong slot = FirstSlot(word);
        while (_start[slot] != 0 || Claim(ref _start[slot], word) != 0)
        {
            slot = (slot + 1) & _mask;
        }
    }

    private bool AddWord(ulong hash, ulong* key, uint index, uint parent)
    {
        for (ulong slot = FirstSlot(hash); ; slot = (slot + Line) & _mask)
        {
            var line = Vector512.LoadAligned(_start + slot);
            if (Vector512.EqualsAny(line, Vector512.Create(hash)))
            {
                return false;
            }

            for (ulong empty = Vector512.Equals(line, Vector512<ulong>.Zero).ExtractMostSignificantBits(); empty != 0; empty &= empty - 1)
            {
                ulong found = Claim(ref _start[slot + (ulong)BitOperations.TrailingZeroCount(empty)], hash);
                if (found == 0)
                {
                    Note(key, index, parent);
                    return true;
                }

                if (found == hash)
                {
                    return false;
                }
            }
        }
    }

    private bool AddKey(ulong hash, ulong* key, ref uint index, uint parent)
    {
        ulong tag = hash >> TagShift;
        bool isNoted = false;
        for (ulong slot = FirstSlot(hash); ; slot = (slot + 1) & _mask)
        {
            ulong found = Volatile.Read(ref _start[slot]);
            if (found == 0)
            {
                // Before the word is there, since whoever reads the word goes on to the key.
                if (!isNoted)
                {
                    Note(key, index, parent);
                    isNoted = true;
                }

                found = Claim(ref _start[slot], (tag << TagShift) | (index + 1));
                if (found == 0)
                {
                    return true;
                }
            }

            uint other = (uint)found - 1;
            if (found >> TagShift == tag && IsKey(Log!.Key(other), key))
            {
                index = other;
                return false;
            }
        }
    }

    /// <summary>Fills an empty slot. Returns 0, or what another worker was faster to put there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Claim(ref ulong slot, ulong word)
    {
        if (_workers > 1)
        {
            return Interlocked.CompareExchange(ref slot, word, 0);
        }

        slot = word;
        return 0;
    }

    private void Note(ulong* key, uint index, uint parent)
    {
        if (Log is null)
        {
            return;
        }

        ulong* to = Log.Key(index);
        for (int word = 0; word < _keyWords; word++)
        {
            to[word] = key[word];
        }

        Log.Parent(index) = parent;
    }

    private void Attach()
    {
        _start = _slots.Start;
        _mask = (ulong)_slots.Length - 1;
        _shift = BitOperations.LeadingZeroCount(_mask);
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
