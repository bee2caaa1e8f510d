using System.Numerics;
using RxVerify.Model.Dqo;

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
    private const int WordBits = 64;
    private readonly DqoCoreConfiguration _core;
    private readonly DqoSymmetry _symmetry;
    private readonly int _lengthBits;
    private readonly int _idBits;
    private readonly int _chunkBits;
    private readonly int _biasBits;
    private readonly int _heldBits;
    private readonly int _countBits;
    private readonly int _contentBits;
    private readonly ulong[] _posted;

    /// <summary>Keys of one core under one symmetry.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="balances">Whether the page count is the bias and the references in every state (I4).</param>
    public DqoCoreKey(DqoCoreConfiguration core, DqoSymmetry symmetry, bool balances)
    {
        (_core, _symmetry) = (core, symmetry);
        _lengthBits = BitsFor(core.States);
        _idBits = symmetry == DqoSymmetry.None ? BitsFor(core.States - 1) : 0;
        _chunkBits = BitsFor(core.Chunks - 1);
        _biasBits = BitsFor(core.BiasLimit);
        _heldBits = BitsFor(core.ReferencesMax);
        _posted = new ulong[core.States];
        _countBits = balances ? 0 : BitsFor(byte.MaxValue);
        _contentBits = ((symmetry == DqoSymmetry.All ? 1 : 2) * _chunkBits) + _biasBits + _countBits + (core.Chunks * _heldBits);
        Words = ((3 * _lengthBits) + (core.States * (_contentBits + _idBits)) + _heldBits + WordBits - 1) / WordBits;
    }

    /// <summary>Words of a key.</summary>
    public int Words { get; }

    /// <summary>Writes the key of a state.</summary>
    public void Write(DqoCoreState state, Span<ulong> key)
    {
        var to = new BitWriter(key);
        var recycled = state.Listed(DqoCoreList.Recycled);
        var used = state.Listed(DqoCoreList.Used);
        to.Put((ulong)recycled.Length, _lengthBits);
        to.Put((ulong)used.Length, _lengthBits);
        to.Put((ulong)state.PostedCount, _lengthBits);
        foreach (byte id in recycled)
        {
            PutBuffer(ref to, state, id);
        }

        foreach (byte id in used)
        {
            PutBuffer(ref to, state, id);
        }

        PutPosted(ref to, state);
        for (int place = 0; _idBits > 0 && place < state.CountOf(DqoCoreList.Free); place++)
        {
            to.Put(state.Listed(DqoCoreList.Free)[place], _idBits);
        }

        to.Put(state.Orphans, _heldBits);
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
        int next = 0;
        for (int place = 0; place < recycled + used + posted; place++)
        {
            int id = _idBits > 0 ? (int)from.Take(_idBits) : next++;
            TakeBuffer(ref from, state, id);
            if (place < recycled + used)
            {
                state.Append(place < recycled ? DqoCoreList.Recycled : DqoCoreList.Used, id);
            }
            else
            {
                state.Posted(id) = 1;
            }
        }

        for (int free = recycled + used + posted; free < _core.States; free++)
        {
            state.Append(DqoCoreList.Free, _idBits > 0 ? (int)from.Take(_idBits) : next++);
        }

        state.Orphans = (byte)from.Take(_heldBits);
    }

    private static int BitsFor(int max) => BitOperations.Log2((uint)max) + (max > 0 ? 1 : 0);

    private void PutPosted(ref BitWriter to, DqoCoreState state)
    {
        int count = 0;
        for (int id = 0; id < _core.States; id++)
        {
            if (state.Posted(id) == 0)
            {
                continue;
            }

            if (_idBits > 0)
            {
                PutBuffer(ref to, state, id);
                continue;
            }

            // Few are posted, so an insertion is the fastest sort.
            ulong content = ContentOf(state, id);
            int place = count++;
            for (; place > 0 && _posted[place - 1] > content; place--)
            {
                _posted[place] = _posted[place - 1];
            }

            _posted[place] = content;
        }

        for (int place = 0; place < count; place++)
        {
            to.Put(_posted[place], _contentBits);
        }
    }

    private void PutBuffer(ref BitWriter to, DqoCoreState state, int id)
    {
        if (_idBits > 0)
        {
            to.Put((ulong)id, _idBits);
        }

        to.Put(ContentOf(state, id), _contentBits);
    }

    private ulong ContentOf(DqoCoreState state, int id)
    {
        int chunks = _core.Chunks;
        int turn = _symmetry == DqoSymmetry.All ? state.Offset(id) : 0;
        ulong content = 0;
        for (int chunk = chunks - 1; chunk >= 0; chunk--)
        {
            int turned = chunk + turn;
            content = (content << _heldBits) | state.Held(id, turned < chunks ? turned : turned - chunks);
        }

        content = (content << _countBits) | (_countBits > 0 ? (uint)state.Count(id) : 0u);
        content = (content << _biasBits) | state.Bias(id);
        int last = state.LastSingle(id) - turn;
        content = (content << _chunkBits) | (uint)(last < 0 ? last + chunks : last);
        return _symmetry == DqoSymmetry.All ? content : (content << _chunkBits) | state.Offset(id);
    }

    private void TakeBuffer(ref BitReader from, DqoCoreState state, int id)
    {
        ulong content = from.Take(_contentBits);
        if (_symmetry != DqoSymmetry.All)
        {
            state.Offset(id) = (byte)Part(_chunkBits);
        }

        state.LastSingle(id) = (byte)Part(_chunkBits);
        state.Bias(id) = (byte)Part(_biasBits);
        int count = Part(_countBits);
        int held = 0;
        for (int chunk = 0; chunk < _core.Chunks; chunk++)
        {
            state.Held(id, chunk) = (byte)Part(_heldBits);
            held += state.Held(id, chunk);
        }

        state.Count(id) = (byte)(_countBits > 0 ? count : state.Bias(id) + held);

        int Part(int bits)
        {
            int part = (int)(content & ((1ul << bits) - 1));
            content >>= bits;
            return part;
        }
    }

    private ref struct BitWriter(Span<ulong> words)
    {
        private readonly Span<ulong> _words = words;
        private ulong _word;
        private int _filled;
        private int _next;

        public void Put(ulong value, int bits)
        {
            if (bits == 0)
            {
                return;
            }

            _word |= value << _filled;
            _filled += bits;
            if (_filled >= WordBits)
            {
                _words[_next++] = _word;
                _filled -= WordBits;
                _word = _filled > 0 ? value >> (bits - _filled) : 0;
            }
        }

        public void Finish()
        {
            if (_next < _words.Length)
            {
                _words[_next] = _word;
            }
        }
    }

    private ref struct BitReader(ReadOnlySpan<ulong> words)
    {
        private readonly ReadOnlySpan<ulong> _words = words;
        private int _at;

        public ulong Take(int bits)
        {
            if (bits == 0)
            {
                return 0;
            }

            int word = _at / WordBits;
            int from = _at % WordBits;
            _at += bits;
            ulong value = _words[word] >> from;
            if (from + bits > WordBits)
            {
                value |= _words[word + 1] << (WordBits - from);
            }

            return bits == WordBits ? value : value & ((1ul << bits) - 1);
        }
    }
}
