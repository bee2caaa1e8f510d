using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RxVerify.Explorer;

/// <summary>
/// To what steps led, by what they saw: for systems whose steps see only a part of the state, and so lead to the same in many states. Shared
/// by all workers of a walk.
/// </summary>
/// <remarks>
/// The system asks it in <see cref="ITransitionSystem.Apply"/>, after <see cref="ITransitionSystem.Load"/> alone, and keeps what came of a step that broke nothing; make one for all workers, give it to
/// <see cref="ExploreOptions.Outcomes"/> too, or it does not grow, and walk the nearest first. What was seen has to be all that decides what comes of the step, and which step it is: a bit that is forgotten is a wrong proof.
/// Open addressing over cache lines, each of four words that were seen and the four outcomes. Nothing is moved or replaced while workers run,
/// so that an outcome which is found is whole; who finds none takes the step.
/// </remarks>
public sealed unsafe class OutcomeTable : IDisposable
{
    private const int Entries = 4;
    private const int Line = 2 * Entries;
    private const int FirstEntries = 1 << 11;

    // Beyond three quarters searches are long; and it takes no more than fifteen sixteenths, so that every search ends.
    private const int Parts = 16;
    private const int CrowdedParts = 12;
    private const int FullParts = 15;

    // A place that was taken and may not yet be read.
    private const ulong Busy = ulong.MaxValue;

    private NativeArray<ulong> _words;
    private ulong* _start;
    private ulong _mask;
    private int _shift;
    private long _count;

    /// <summary>An empty table.</summary>
    /// <param name="entries">For how many outcomes there is room to begin with; a walk that it is given to makes more.</param>
    public OutcomeTable(int entries = FirstEntries)
    {
        _words = new NativeArray<ulong>(2 * (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(entries, FirstEntries)));
        Attach();
    }

    /// <summary>Outcomes held.</summary>
    public long Count => _count;

    /// <summary>Bytes held.</summary>
    internal long Bytes => _words.Bytes;

    /// <summary>Bytes held besides <see cref="Bytes"/> while growing.</summary>
    internal long BytesToGrow => 2 * _words.Bytes;

    /// <summary>Whether an outcome was ever refused or given up, so that more were different than are held.</summary>
    internal bool IsPart { get; private set; }

    /// <summary>Whether there is room for so many more, and searches are short.</summary>
    internal bool HasRoomFor(long outcomes) => _count <= PartsOfAll(CrowdedParts) && _count + outcomes <= PartsOfAll(FullParts);

    /// <summary>Asks for the line in which a search will begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong seen)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_start + FirstWord(seen));
        }
    }

    /// <summary>Looks for what came of a step.</summary>
    /// <param name="seen">The step and all that it sees: neither 0 nor all ones.</param>
    /// <param name="outcome">What came of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It looks like no entry, and what came of it would be anything.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong seen, out ulong outcome)
    {
        if (seen + 1 <= 1)
        {
            Refuse(seen);
        }

        for (ulong at = FirstWord(seen); ; at = (at + Line) & _mask)
        {
            var line = Vector256.LoadAligned(_start + at);
            uint equal = Vector256.Equals(line, Vector256.Create(seen)).ExtractMostSignificantBits();
            if (equal != 0)
            {
                Volatile.ReadBarrier();
                outcome = _start[at + Entries + (ulong)BitOperations.TrailingZeroCount(equal)];
                return true;
            }

            if (Vector256.EqualsAny(line, Vector256<ulong>.Zero))
            {
                outcome = 0;
                return false;
            }
        }
    }

    /// <summary>Keeps what came of a step, unless the table is full.</summary>
    /// <param name="seen">The step and all that it sees: neither 0 nor all ones.</param>
    /// <param name="outcome">What came of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It looks like no entry.</exception>
    public void Add(ulong seen, ulong outcome)
    {
        if (seen + 1 <= 1)
        {
            Refuse(seen);
        }

        if (Volatile.Read(ref _count) >= PartsOfAll(FullParts))
        {
            IsPart = true;
            return;
        }

        ulong at = FirstWord(seen);
        while (true)
        {
            ulong found = Interlocked.CompareExchange(ref _start[at], Busy, 0);
            if (found == Busy)
            {
                // Perhaps it is the same that somebody else is about to put here.
                Thread.SpinWait(1);
                continue;
            }

            if (found == 0)
            {
                _start[at + Entries] = outcome;
                Volatile.Write(ref _start[at], seen);
                Interlocked.Increment(ref _count);
                return;
            }

            if (found == seen)
            {
                return;
            }

            at = (at + 1) % Line == Entries ? (at + 1 + Entries) & _mask : at + 1;
        }
    }

    /// <summary>Doubles the lines; nobody may be looking.</summary>
    /// <param name="workers">Who help.</param>
    internal void Grow(int workers)
    {
        var old = _words;
        _words = new NativeArray<ulong>(2 * old.Length);
        _count = 0;
        Attach();
        InParts.Do(old.Length, workers, (first, end) =>
        {
            for (long line = first; line < end; line += Line)
            {
                for (long at = line; at < line + Entries && old.Start[at] != 0; at++)
                {
                    Add(old.Start[at], old.Start[at + Entries]);
                }
            }
        });
        old.Dispose();
    }

    /// <summary>Gives up all that is held, and the memory; nobody may be looking.</summary>
    internal void GiveUp()
    {
        _words.Dispose();
        _words = new NativeArray<ulong>(2 * FirstEntries);
        (_count, IsPart) = (0, true);
        Attach();
    }

    /// <inheritdoc/>
    public void Dispose() => _words.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong FirstWord(ulong seen) => Mixing.Finish(Mixing.Step(seen)) >> _shift << BitOperations.Log2(Line);

    private static void Refuse(ulong seen) =>
        throw new ArgumentOutOfRangeException(nameof(seen), seen, "expected a step and what it sees as a word that is neither 0 nor all ones");

    private long PartsOfAll(int parts) => _words.Length / 2 / Parts * parts;

    private void Attach()
    {
        _start = _words.Start;
        _mask = (ulong)_words.Length - 1;
        _shift = BitOperations.LeadingZeroCount((ulong)(_words.Length / Line) - 1);
    }
}
