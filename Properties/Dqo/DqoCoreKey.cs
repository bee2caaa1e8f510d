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
/// A state of the core as the fewest bits that say everything: buffer states, the order of the lists and their lengths, orphans.
/// The page count is among them only where it is not the bias and the references anyway, as the accounting claim has it.
/// </summary>
/// <remarks>
/// Where names matter each buffer state has its place. Without names those of the lists stand in their order, and posted ones are sorted by
/// content: so renaming needs no search for the least.
/// </remarks>
public sealed class DqoCoreKey
{
    // The fields of a buffer state, as bits of its eight bytes.
    private const int LastSingleAt = 8;
    private const int BiasAt = 16;
    private const int CountAt = 24;
    private const int HeldAt = 32;
    private const ulong IdMask = (1u << DqoCoreState.IdBits) - 1;

    // Buffer states 0, 1, 2, … as a list.
    private const ulong AsNumbered = 0xfedcba9876543210;

    private readonly DqoCoreConfiguration _core;
    private readonly DqoSymmetry _symmetry;
    private readonly int _lengthBits;
    private readonly bool _isNamed;
    private readonly int _orderBits;
    private readonly ulong _orderMask;
    private readonly int _heldBits;
    private readonly int _contentBits;
    private readonly ulong _contentMask;
    private readonly bool _balances;
    private readonly ulong[] _posted;
    private readonly ulong[] _oneHeld;
    private readonly ulong _readersOfOne;

    /// <summary>Keys of one core under one symmetry.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="balances">Whether the page count is the bias and the references in every state (I4).</param>
    public DqoCoreKey(DqoCoreConfiguration core, DqoSymmetry symmetry, bool balances)
    {
        (_core, _symmetry, _balances) = (core, symmetry, balances);
        _lengthBits = BitWriter.BitsFor(core.States + 1);
        _isNamed = symmetry == DqoSymmetry.None;
        int idBits = _isNamed ? BitWriter.BitsFor(core.States) : 0;
        _orderBits = core.States * idBits;
        _orderMask = Repeated((1ul << idBits) - 1, DqoCoreState.IdBits, core.States);
        _heldBits = BitWriter.BitsFor(core.ReferencesMax + 1);
        ulong held = Repeated(((1ul << _heldBits) - 1) << HeldAt, HeldCounts.Bits, core.Chunks);
        _contentMask = ContentMask() | held;
        _contentBits = BitOperations.PopCount(_contentMask);
        _posted = new ulong[core.States];
        _oneHeld = [.. Enumerable.Range(0, core.Chunks).Select(chunk => Packed((1ul << (HeldAt + (chunk * HeldCounts.Bits))) | (1ul << CountAt)))];
        _readersOfOne = Packed(held | ((ulong)byte.MaxValue << CountAt));
        OrphansAt = (core.States * _contentBits) + _orderBits + (3 * _lengthBits);
        Words = (OrphansAt + _heldBits + BitWriter.WordBits - 1) / BitWriter.WordBits;
        Readers = FollowsReaders ? ReadersOf((1u << core.States) - 1) | (((1ul << _heldBits) - 1) << OrphansAt) : 0;
    }

    /// <summary>Words of a key.</summary>
    public int Words { get; }

    /// <summary>Whether the key is one word in which every buffer state has its own place: then what a reader does is an addition.</summary>
    public bool FollowsReaders => Words == 1 && _isNamed;

    /// <summary>The bits in which readers are told, where <see cref="FollowsReaders"/>.</summary>
    public ulong Readers { get; }

    /// <summary>Where those of readers of pages given up begin, above all others.</summary>
    public int OrphansAt { get; }

    /// <summary>The bits of readers of some buffer states' pages, where <see cref="FollowsReaders"/>.</summary>
    /// <param name="ids">The buffer states, a bit each.</param>
    public ulong ReadersOf(uint ids)
    {
        ulong readers = 0;
        for (; ids != 0; ids &= ids - 1)
        {
            readers |= _readersOfOne << (BitOperations.TrailingZeroCount(ids) * _contentBits);
        }

        return readers;
    }

    /// <summary>The key after a reader's step, where <see cref="FollowsReaders"/>.</summary>
    public ulong After(ulong key, DqoCoreStep step) => step.Kind switch
    {
        DqoCoreStepKind.Put => key - (_oneHeld[step.Chunk] << (step.Id * _contentBits)),
        DqoCoreStepKind.Clone => key + (_oneHeld[step.Chunk] << (step.Id * _contentBits)),
        DqoCoreStepKind.PutOrphan => key - (1ul << OrphansAt),
        DqoCoreStepKind.CloneOrphan => key + (1ul << OrphansAt),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "expected a reader's step"),
    };

    /// <summary>Where buffer states are, and nothing else, where <see cref="FollowsReaders"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="recycled">The head of the recycled list; -1 where there is none.</param>
    /// <param name="posted">What is posted, a bit each.</param>
    public void ReadPlaces(ulong key, out int recycled, out uint posted)
    {
        var from = new WordReader(key >> (_core.States * _contentBits));
        ulong order = Deposit(from.Take(_orderBits), _orderMask);
        int listed = (int)from.Take(_lengthBits);
        recycled = listed > 0 ? (int)(order & IdMask) : -1;
        listed += (int)from.Take(_lengthBits);
        posted = PostedOf(order >> (listed * DqoCoreState.IdBits), (int)from.Take(_lengthBits));
    }

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
        int used = state.CountOf(DqoCoreList.Used);
        ulong order = state.IdsOf(DqoCoreList.Recycled) | ((ulong)state.IdsOf(DqoCoreList.Used) << (recycled * DqoCoreState.IdBits));
        if (_isNamed)
        {
            WriteNamed(ref to, state, order, recycled + used);
        }
        else
        {
            WriteUnnamed(ref to, state, order, recycled + used);
        }

        to.Put((uint)recycled, _lengthBits);
        to.Put((uint)used, _lengthBits);
        to.Put((uint)state.PostedCount, _lengthBits);
        to.Put((uint)state.Orphans, _heldBits);
        to.Finish(key);
    }

    /// <summary>Each buffer state in its place, then the order of the lists, of what is posted, and of the free.</summary>
    private void WriteNamed<TWriter>(ref TWriter to, DqoCoreState state, ulong order, int listed)
        where TWriter : struct, IBitWriter, allows ref struct
    {
        foreach (ref readonly var buffer in state.Buffers)
        {
            to.Put(ContentOf(buffer), _contentBits);
        }

        int at = listed * DqoCoreState.IdBits;
        for (uint posted = state.Posted; posted != 0; posted &= posted - 1, at += DqoCoreState.IdBits)
        {
            order |= (ulong)BitOperations.TrailingZeroCount(posted) << at;
        }

        to.Put(Extract(order | ((ulong)state.IdsOf(DqoCoreList.Free) << at), _orderMask), _orderBits);
    }

    /// <summary>The buffer states that have a page in the order of the lists, then what is posted.</summary>
    private void WriteUnnamed<TWriter>(ref TWriter to, DqoCoreState state, ulong order, int listed)
        where TWriter : struct, IBitWriter, allows ref struct
    {
        int place = 0;
        for (; place < listed; place++, order >>= DqoCoreState.IdBits)
        {
            to.Put(ContentOf(state.Buffers[(int)(order & IdMask)]), _contentBits);
        }

        int posted = SortPosted(state);
        for (int sorted = 0; sorted < posted; sorted++, place++)
        {
            to.Put(_posted[sorted], _contentBits);
        }

        for (; place < _core.States; place++)
        {
            to.Put(0, _contentBits);
        }
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
        foreach (ref var buffer in state.Buffers)
        {
            buffer = BufferOf(from.Take(_contentBits));
        }

        ulong order = _isNamed ? Deposit(from.Take(_orderBits), _orderMask) : AsNumbered;
        int recycled = (int)from.Take(_lengthBits);
        int used = (int)from.Take(_lengthBits);
        int posted = (int)from.Take(_lengthBits);
        state.Set(DqoCoreList.Recycled, Next(ref order, recycled), recycled);
        state.Set(DqoCoreList.Used, Next(ref order, used), used);
        state.Posted = PostedOf(order, posted);
        order >>= posted * DqoCoreState.IdBits;
        int free = _core.States - recycled - used - posted;
        state.Set(DqoCoreList.Free, Next(ref order, free), free);
        state.Orphans = (int)from.Take(_heldBits);
    }

    /// <summary>The first so many buffer states, a bit each.</summary>
    private static uint PostedOf(ulong order, int count)
    {
        uint posted = 0;
        for (; count > 0; count--, order >>= DqoCoreState.IdBits)
        {
            posted |= 1u << (int)(order & IdMask);
        }

        return posted;
    }

    /// <summary>The next so many buffer states, as a list.</summary>
    private static uint Next(ref ulong order, int count)
    {
        int bits = count * DqoCoreState.IdBits;
        uint ids = (uint)(order & ((1ul << bits) - 1));
        order >>= bits;
        return ids;
    }

    /// <summary>Equal bits at equal distances.</summary>
    private static ulong Repeated(ulong bits, int distance, int times)
    {
        ulong all = 0;
        for (int at = 0; at < times; at++)
        {
            all |= bits << (at * distance);
        }

        return all;
    }

    /// <summary>The bits of a buffer state that are needed besides those of references.</summary>
    private ulong ContentMask()
    {
        ulong chunk = (1ul << BitWriter.BitsFor(_core.Chunks)) - 1;
        ulong mask = (chunk << LastSingleAt) | (((1ul << BitWriter.BitsFor(_core.BiasLimit + 1)) - 1) << BiasAt);
        mask |= _symmetry == DqoSymmetry.All ? 0 : chunk;
        mask |= _balances ? 0 : (ulong)byte.MaxValue << CountAt;
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
    private ulong Packed(ulong bits) => Extract(bits, _contentMask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DqoCoreBuffer BufferOf(ulong content)
    {
        ulong bits = Deposit(content, _contentMask);
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

    /// <summary>The bits under a mask, side by side (PEXT).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Extract(ulong bits, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(bits, mask) : ExtractEach(bits, mask);

    /// <summary>Bits side by side, put under a mask (PDEP).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Deposit(ulong bits, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(bits, mask) : DepositEach(bits, mask);

    private static ulong ExtractEach(ulong bits, ulong mask)
    {
        ulong extracted = 0;
        for (int at = 0; mask != 0; mask &= mask - 1, at++)
        {
            extracted |= ((bits >> BitOperations.TrailingZeroCount(mask)) & 1) << at;
        }

        return extracted;
    }

    private static ulong DepositEach(ulong bits, ulong mask)
    {
        ulong deposited = 0;
        for (; mask != 0; mask &= mask - 1, bits >>= 1)
        {
            deposited |= (bits & 1) << BitOperations.TrailingZeroCount(mask);
        }

        return deposited;
    }
}
