using System.Runtime.InteropServices;
using RxVerify.Explorer;

namespace RxVerify.Tests.Explorer;

/// <summary>A tank that is filled and drained, loaded from snapshots, with mistakes to order: what the engine is tried on.</summary>
/// <param name="top">The highest level, which is good.</param>
/// <param name="stuck">Level at which filling leads round a circle.</param>
/// <param name="circle">Positions of the circle.</param>
/// <param name="hasJug">Whether somebody may come and fill it in one go.</param>
/// <param name="hasSink">Whether a leak empties it for ever.</param>
/// <param name="hasSpoon">Whether somebody may stir, which changes nothing.</param>
/// <param name="asked">Told whenever somebody asks which steps have to happen, as the searches for what happens in the end do.</param>
internal readonly struct Pump(int top, int stuck = -1, int circle = 1, bool hasJug = false, bool hasSink = false, bool hasSpoon = false, Action? asked = null) : IRecoveringSystem
{
    private const int Fill = 0;
    private const int Drain = 1;
    private const int Leak = 2;
    private const int Pour = 3;
    private const int Stir = 4;
    private const int Sunk = -1;

    // Level and position on the circle, and both as they were marked.
    private readonly int[] _at = new int[4];

    public int KeyWords => 1;

    public int SnapshotSize => 2 * sizeof(int);

    public int EnabledMax => Kinds.Count;

    public IReadOnlyList<string> Kinds => hasSpoon ? ["fill", "drain", "leak", "pour", "stir"] : hasJug ? ["fill", "drain", "leak", "pour"] : ["fill", "drain", "leak"];

    public IReadOnlyList<string> Landmarks => ["full"];

    public string Good => "fill the tank";

    public Pump New() => new(top, stuck, circle, hasJug, hasSink, hasSpoon, asked);

    public Problem? Start()
    {
        _at.AsSpan().Clear();
        return null;
    }

    public int Enabled(Span<int> operations)
    {
        int count = 0;
        foreach (int operation in (ReadOnlySpan<int>)[Stir, Fill, Drain, Leak, Pour])
        {
            bool isEnabled = operation switch
            {
                Fill => _at[0] >= 0 && _at[0] < top,
                Drain => _at[0] != 0,
                Leak => _at[0] > 0,
                Stir => hasSpoon,
                _ => hasJug && _at[0] >= 0,
            };
            if (isEnabled)
            {
                operations[count++] = operation;
            }
        }

        return count;
    }

    public int KindOf(int operation) => operation;

    public Problem? Apply(int operation, ref ulong landmarks)
    {
        if (_at[0] == Sunk || operation == Stir)
        {
            return null;
        }

        if (operation == Fill && _at[0] == stuck)
        {
            _at[1] = (_at[1] + 1) % circle;
            return null;
        }

        _at[0] = operation switch
        {
            Fill => _at[0] + 1,
            Drain => _at[0] - 1,
            Leak => hasSink ? Sunk : 0,
            _ => top,
        };
        _at[1] = 0;
        landmarks |= _at[0] == top ? 1ul : 0;
        return null;
    }

    public void WriteKey(Span<ulong> key) => key[0] = ((ulong)(uint)_at[0] << 32) | (uint)_at[1];

    public void Save(Span<byte> snapshot) => MemoryMarshal.AsBytes(_at.AsSpan(0, 2)).CopyTo(snapshot);

    public void Load(ReadOnlySpan<byte> saved) => saved.CopyTo(MemoryMarshal.AsBytes(_at.AsSpan(0, 2)));

    public void Mark() => _at.AsSpan(0, 2).CopyTo(_at.AsSpan(2));

    public void Back() => _at.AsSpan(2, 2).CopyTo(_at);

    public bool MayRest() => false;

    public string Name(int operation) => Kinds[operation];

    public bool IsGood() => _at[0] == top;

    public StepClass ClassOf(int operation)
    {
        asked?.Invoke();
        return operation switch
        {
            Fill => StepClass.Fair,
            Leak => StepClass.Failure,
            _ => StepClass.Possible,
        };
    }

    public void Dispose()
    {
    }
}
