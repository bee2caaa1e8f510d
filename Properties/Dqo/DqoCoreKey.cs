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

    private readonly DqoCoreConfiguration _core;
    private readonly DqoSymmetry _symmetry;
    private readonly int _lengthBits;
    private readonly int _idBits;
    private readonly int _heldBits;
    private readonly int _contentBits;
    private readonly ulong _contentMask;
    private readonly bool _balances;
    private readonly ulong[] _posted;

    /// <summary>Keys of one core under one symmetry.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="balances">Whether the page count is the bias and the references in every state (I4).</param>
    public DqoCoreKey(DqoCoreConfiguration core, DqoSymmetry symmetry, bool balances)
    {
        (_core, _symmetry, _balances) = (core, symmetry, balances);
        _lengthBits = BitWriter.BitsFor(core.States + 1);
        _idBits = symmetry == DqoSymmetry.None ? BitWriter.BitsFor(core.States) : 0;
        _heldBits = BitWriter.BitsFor(core.ReferencesMax + 1);
        _contentMask = ContentMask();
        _contentBits = BitOperations.PopCount(_contentMask);
        _posted = new ulong[core.States];
        Words = ((3 * _lengthBits) + (core.States * (_contentBits + _idBits)) + _heldBits + BitWriter.WordBits - 1) / BitWriter.WordBits;
    }

    /// <summary>Words of a key.</summary>
    public int Words { get; }

    /// <summary>Writes the key of a state.</summary>
    public void Write(DqoCoreState state, Span<ulong> key)
    {
        var to = new BitWriter(key);
        int recycled = state.CountOf(DqoCoreList.Recycled);
        int used = state.CountOf(DqoCoreList.Used);
        to.Put((ulong)recycled, _lengthBits);
        to.Put((ulong)used, _lengthBits);
        to.Put((ulong)state.PostedCount, _lengthBits);
        for (int place = 0; place < recycled + used; place++)
        {
            int id = place < recycled ? state.At(DqoCoreList.Recycled, place) : state.At(DqoCoreList.Used, place - recycled);
            to.Put((uint)id, _idBits);
            to.Put(ContentOf(state.Buffers[id]), _contentBits);
        }

        int sorted = 0;
        for (uint posted = state.Posted; posted != 0; posted &= posted - 1)
        {
            int id = BitOperations.TrailingZeroCount(posted);
            ulong content = ContentOf(state.Buffers[id]);
            if (_idBits > 0)
            {
                to.Put((uint)id, _idBits);
                to.Put(content, _contentBits);
                continue;
            }

            // Few are posted, so an insertion is the fastest sort.
            int place = sorted++;
            for (; place > 0 && _posted[place - 1] > content; place--)
            {
                _posted[place] = _posted[place - 1];
            }

            _posted[place] = content;
        }

        for (int place = 0; place < sorted; place++)
        {
            to.Put(_posted[place], _contentBits);
        }

        for (int place = 0; _idBits > 0 && place < state.CountOf(DqoCoreList.Free); place++)
        {
            to.Put((uint)state.At(DqoCoreList.Free, place), _idBits);
        }

        to.Put((uint)state.Orphans, _heldBits);
        to.Finish();
    }

    /// <summary>Reads a key into a state; under a symmetry, the one with the least names and offsets.</summary>
    public void Read(ReadOnlySpan<ulong> key, DqoCoreState state)
    {
        state.Clear();
        var from = new BitReader(key);
        int recycled = (int)from.Take(_lengthBits);
        int used = (int)from.Take(_lengthBits);
        int posted = (int)from.Take(_lengthBits);
        int listed = recycled + used;
        int next = 0;
        for (int place = 0; place < listed + posted; place++)
        {
            int id = _idBits > 0 ? (int)from.Take(_idBits) : next++;
            state.Buffers[id] = BufferOf(from.Take(_contentBits));
            if (place < listed)
            {
                state.Append(place < recycled ? DqoCoreList.Recycled : DqoCoreList.Used, id);
            }
            else
            {
                state.Posted |= 1u << id;
            }
        }

        for (int free = listed + posted; free < _core.States; free++)
        {
            state.Append(DqoCoreList.Free, _idBits > 0 ? (int)from.Take(_idBits) : next++);
        }

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

        ulong bits = Unsafe.BitCast<DqoCoreBuffer, ulong>(buffer);
        return Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(bits, _contentMask) : Extract(bits, _contentMask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DqoCoreBuffer BufferOf(ulong content)
    {
        ulong bits = Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(content, _contentMask) : Deposit(content, _contentMask);
        var buffer = Unsafe.BitCast<ulong, DqoCoreBuffer>(bits);
        if (_balances)
        {
            buffer.Count = (byte)(buffer.Bias + buffer.References);
        }

        return buffer;
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
