using System.Runtime.InteropServices;
using RxVerify.Explorer;

namespace RxVerify.Tests.Explorer;

/// <summary>Dining philosophers at a round table: each thinks (0), holds the left fork (1), or eats with both (2).</summary>
public struct Philosophers(int seats, bool turns, bool mayRest = false) : ITransitionSystem
{
    private int[] _at = new int[seats];
    private int[] _marked = new int[seats];

    public readonly int KeyWords => 1;
    public readonly int SnapshotSize => 0;
    public readonly int EnabledMax => seats;
    public readonly IReadOnlyList<string> Kinds => ["take left", "take right", "put both"];
    public readonly IReadOnlyList<string> Landmarks => [];

    public Problem? Start()
    {
        _at = new int[seats];
        return null;
    }

    // An operation is the philosopher who does what comes next.
    public readonly int Enabled(Span<int> operations)
    {
        int count = 0;
        for (int who = 0; who < seats; who++)
        {
            bool blocked = _at[who] == 0 ? _at[(who + seats - 1) % seats] == 2 : _at[who] == 1 && _at[(who + 1) % seats] != 0;
            operations[count] = who;
            count += blocked ? 0 : 1;
        }

        return count;
    }

    public readonly int KindOf(int operation) => _at[operation];

    public readonly Problem? Apply(int operation, ref ulong landmarks)
    {
        _at[operation] = (_at[operation] + 1) % 3;
        return null;
    }

    // The table has no first seat: of all turns of it the key is the least.
    public readonly void WriteKey(Span<ulong> key)
    {
        key[0] = ulong.MaxValue;
        for (int first = 0; first < (turns ? seats : 1); first++)
        {
            ulong turned = 0;
            for (int seat = 0; seat < seats; seat++)
            {
                turned = (turned * 3) + (ulong)_at[(first + seat) % seats];
            }

            key[0] = Math.Min(key[0], turned);
        }
    }

    public readonly void Load(ReadOnlySpan<byte> saved)
    {
        ulong rest = MemoryMarshal.Read<ulong>(saved);
        for (int seat = seats - 1; seat >= 0; seat--)
        {
            _at[seat] = (int)(rest % 3);
            rest /= 3;
        }
    }

    public void Mark() => _marked = [.. _at];
    public void Back() => _at = [.. _marked];
    public readonly void Save(Span<byte> snapshot) => throw new NotSupportedException("states are loaded from keys");
    public readonly bool MayRest() => mayRest;
    public readonly string Name(int operation) => $"philosopher {operation}: {Kinds[_at[operation]]}";
    public readonly void Dispose()
    {
    }
}
