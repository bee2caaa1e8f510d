using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Properties.Dqo;

/// <summary>What an exploration of the core takes for the same state.</summary>
public enum DqoSymmetry
{
    /// <summary>Nothing but the state itself.</summary>
    None,

    /// <summary>States that differ in which buffer state is called 0, 1, 2 only; the lists keep their order.</summary>
    Pages,

    /// <summary>Also states that differ in which chunk of a page is called 0: offset, last single offset and references turn together.</summary>
    All,
}

/// <summary>
/// A state of the core as the fewest bits that say everything: list lengths, buffer states in the order of the lists, orphans.
/// The page count is among them only where it is not the bias and the references anyway, as the accounting claim has it.
/// </summary>
/// <remarks>The lists name the buffer states, and posted ones are sorted by content: so renaming needs no search for the least.</remarks>
public sealed class DqoCoreKey
{
    // The fields of a buffer state, as bits of its eight bytes.
    private const int LastSingleAt = 8;
    private const int BiasAt = 16;
    private const int CountAt = 24;
    private const int HeldAt = 32;
    private const ulong IdMask = (1u << DqoCoreState.IdBits) - 1;

    private readonly DqoCoreConfiguration _core;
    private readonly DqoSymmetry _symmetry;
    private readonly int _lengthBits;
    private readonly int _idBits;
    private readonly ulong _nameMask;
    private readonly int _heldBits;
    private readonly int _contentBits;
    private readonly ulong _contentMask;
    private readonly bool _balances;
    private readonly ulong[] _posted;
    private readonly ulong[] _oneHeld;
    private readonly int[] _contentAt;
    private int _orphansAt;

    /// <summary>Keys of one core under one symmetry.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="balances">Whether the page count is the bias and the references in every state (I4).</param>
    public DqoCoreKey(DqoCoreConfiguration core, DqoSymmetry symmetry, bool balances)
    {
        (_core, _symmetry, _balances) = (core, symmetry, balances);
        _lengthBits = BitWriter.BitsFor(core.States + 1);
        _idBits = symmetry == DqoSymmetry.None ? BitWriter.BitsFor(core.States) : 0;
        _nameMask = (1ul << _idBits) - 1;
        _heldBits = BitWriter.BitsFor(core.ReferencesMax + 1);
        _contentMask = ContentMask();
        _contentBits = BitOperations.PopCount(_contentMask);
        _posted = new ulong[core.States];
        _contentAt = new int[core.States];
        _oneHeld = [.. Enumerable.Range(0, core.Chunks).Select(chunk => Packed((1ul << (HeldAt + (chunk * HeldCounts.Bits))) | (1ul << CountAt)))];
        Words = ((3 * _lengthBits) + (core.States * (_contentBits + _idBits)) + _heldBits + BitWriter.WordBits - 1) / BitWriter.WordBits;
    }

    /// <summary>Words of a key.</summary>
    public int Words { get; }

    /// <summary>
    /// Whether <see cref="After"/> can be asked: where every buffer state has its own place in the one word, what a reader does is
    /// an addition.
    /// </summary>
    public bool FollowsReaders => Words == 1 && _symmetry == DqoSymmetry.None;

    /// <summary>The key after a reader's step, from the one before, which was the last that was read.</summary>
    public ulong After(ulong key, DqoCoreStep step) => step.Kind switch
    {
        DqoCoreStepKind.Put => key - (_oneHeld[step.Chunk] << _contentAt[step.Id]),
        DqoCoreStepKind.Clone => key + (_oneHeld[step.Chunk] << _contentAt[step.Id]),
        DqoCoreStepKind.PutOrphan => key - (1ul << _orphansAt),
        DqoCoreStepKind.CloneOrphan => key + (1ul << _orphansAt),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "expected a reader's step"),
    };

    /// <summary>Writes the key of a state.</summary>
    public void Write(DqoCoreState state, Span<ulong> key)
    {
        // Nearly all cores have keys of one word, and packing it in a register is twice as fast.
        if (Words == 1)
        {
            Write(default(WordWriter), state, key);
        }
        else
        {
            Write(new BitWriter(key), state, key);
        }
    }

    /// <summary>Reads a key into a state; under a symmetry, the one with the least names and offsets.</summary>
    public void Read(ReadOnlySpan<ulong> key, DqoCoreState state)
    {
        if (Words == 1)
        {
            Read(new WordReader(key[0]), state);
        }
        else
        {
            Read(new BitReader(key), state);
        }
    }

    private void Write<TWriter>(TWriter to, DqoCoreState state, Span<ulong> key)
        where TWriter : struct, IBitWriter, allows ref struct
    {
        int recycled = state.CountOf(DqoCoreList.Recycled);
        int listed = recycled + state.CountOf(DqoCoreList.Used);
        int named = listed;
        to.Put((uint)recycled, _lengthBits);
        to.Put((uint)(listed - recycled), _lengthBits);
        to.Put((uint)state.PostedCount, _lengthBits);

        // All buffer states with a page, in the order of their lists.
        ulong order = state.IdsOf(DqoCoreList.Recycled) | ((ulong)state.IdsOf(DqoCoreList.Used) << (recycled * DqoCoreState.IdBits));
        for (uint posted = _idBits > 0 ? state.Posted : 0; posted != 0; posted &= posted - 1)
        {
            order |= (ulong)BitOperations.TrailingZeroCount(posted) << (named++ * DqoCoreState.IdBits);
        }

        var buffers = state.Buffers;
        for (; named > 0; named--, order >>= DqoCoreState.IdBits)
        {
            ulong id = order & IdMask;
            to.Put((id & _nameMask) | (ContentOf(buffers[(int)id]) << _idBits), _idBits + _contentBits);
        }

        if (_idBits == 0)
        {
            int posted = SortPosted(state);
            for (int place = 0; place < posted; place++)
            {
                to.Put(_posted[place], _contentBits);
            }
        }
        else
        {
            uint free = state.IdsOf(DqoCoreList.Free);
            for (int left = state.CountOf(DqoCoreList.Free); left > 0; left--, free >>= DqoCoreState.IdBits)
            {
                to.Put(free & IdMask, _idBits);
            }
        }

        to.Put((uint)state.Orphans, _heldBits);
        to.Finish(key);
    }

    /// <summary>Without names, what is posted is a set: its contents in their order. Returns how many.</summary>
    private int SortPosted(DqoCoreState state)
    {
        int sorted = 0;
        for (uint posted = state.Posted; posted != 0; posted &= posted - 1)
        {
            ulong content = ContentOf(state.Buffers[BitOperations.TrailingZeroCount(posted)]);

            // Few are posted, so an insertion is the fastest sort.
            int place = sorted++;
            for (; place > 0 && _posted[place - 1] > content; place--)
            {
                _posted[place] = _posted[place - 1];
            }

            _posted[place] = content;
        }

        return sorted;
    }

    private void Read<TReader>(TReader from, DqoCoreState state)
        where TReader : struct, IBitReader, allows ref struct
    {
        int recycled = (int)from.Take(_lengthBits);
        int used = (int)from.Take(_lengthBits);
        int named = recycled + used + (int)from.Take(_lengthBits);
        var buffers = state.Buffers;
        ulong order = 0;
        for (int place = 0; place < named; place++)
        {
            int at = from.At + _idBits;
            ulong bits = from.Take(_idBits + _contentBits);
            int id = _idBits > 0 ? (int)(bits & _nameMask) : place;
            _contentAt[id] = at;
            buffers[id] = BufferOf(bits >> _idBits);
            order |= (ulong)(uint)id << (place * DqoCoreState.IdBits);
        }

        int usedAt = recycled * DqoCoreState.IdBits;
        int postedAt = usedAt + (used * DqoCoreState.IdBits);
        state.Set(DqoCoreList.Recycled, (uint)(order & ((1ul << usedAt) - 1)), recycled);
        state.Set(DqoCoreList.Used, (uint)((order & ((1ul << postedAt) - 1)) >> usedAt), used);
        order >>= postedAt;
        state.Posted = 0;
        for (int posted = named - recycled - used; posted > 0; posted--, order >>= DqoCoreState.IdBits)
        {
            state.Posted |= 1u << (int)(order & IdMask);
        }

        state.Set(DqoCoreList.Free, 0, 0);
        for (int free = named; free < buffers.Length; free++)
        {
            int id = _idBits > 0 ? (int)from.Take(_idBits) : free;
            buffers[id] = default;
            state.Append(DqoCoreList.Free, id);
        }

        _orphansAt = from.At;
        state.Orphans = (int)from.Take(_heldBits);
    }

    /// <summary>The bits of a buffer state that are needed.</summary>
    private ulong ContentMask()
    {
        ulong chunk = (1ul << BitWriter.BitsFor(_core.Chunks)) - 1;
        ulong mask = (chunk << LastSingleAt) | (((1ul << BitWriter.BitsFor(_core.BiasLimit + 1)) - 1) << BiasAt);
        mask |= _symmetry == DqoSymmetry.All ? 0 : chunk;
        mask |= _balances ? 0 : (ulong)byte.MaxValue << CountAt;
        for (int held = 0; held < _core.Chunks; held++)
        {
            mask |= ((1ul << _heldBits) - 1) << (HeldAt + (held * HeldCounts.Bits));
        }

        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ContentOf(DqoCoreBuffer buffer)
    {
        if (_symmetry == DqoSymmetry.All && buffer.Offset != 0)
        {
            buffer = Turned(buffer);
        }

        return Packed(Unsafe.BitCast<DqoCoreBuffer, ulong>(buffer));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Packed(ulong bits) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(bits, _contentMask) : Extract(bits, _contentMask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DqoCoreBuffer BufferOf(ulong content)
    {
        ulong bits = Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(content, _contentMask) : Deposit(content, _contentMask);
        if (_balances)
        {
            ulong references = (bits >> BiasAt & byte.MaxValue) + (ulong)HeldCounts.Sum((uint)(bits >> HeldAt));
            bits |= references << CountAt;
        }

        return Unsafe.BitCast<ulong, DqoCoreBuffer>(bits);
    }

    /// <summary>The page turned until its next chunk is chunk 0.</summary>
    private DqoCoreBuffer Turned(DqoCoreBuffer buffer)
    {
        int turn = buffer.Offset;
        int last = buffer.LastSingle - turn;
        int low = turn * HeldCounts.Bits;
        int all = _core.Chunks * HeldCounts.Bits;
        ulong held = buffer.HeldOnChunks;
        buffer.HeldOnChunks = (uint)((held >> low) | ((held & ((1ul << low) - 1)) << (all - low)));
        buffer.LastSingle = (byte)(last < 0 ? last + _core.Chunks : last);
        buffer.Offset = 0;
        return buffer;
    }

    /// <summary>What PEXT does, where there is none.</summary>
    private static ulong Extract(ulong bits, ulong mask)
    {
        ulong extracted = 0;
        for (int at = 0; mask != 0; mask &= mask - 1, at++)
        {
            extracted |= ((bits >> BitOperations.TrailingZeroCount(mask)) & 1) << at;
        }

        return extracted;
    }

    /// <summary>What PDEP does, where there is none.</summary>
    private static ulong Deposit(ulong bits, ulong mask)
    {
        ulong deposited = 0;
        for (; mask != 0; mask &= mask - 1, bits >>= 1)
        {
            deposited |= (bits & 1) << BitOperations.TrailingZeroCount(mask);
        }

        return deposited;
    }
}
