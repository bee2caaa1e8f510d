using System.Runtime.InteropServices;
using RxVerify.Explorer;

namespace RxVerify.Tests.Explorer;

/// <summary>A number that goes down; whoever finds that it goes no further stops the walk.</summary>
/// <param name="from">The first number.</param>
/// <param name="stop">What is stopped at the last number.</param>
/// <param name="kinds">Kinds of steps that it says it has.</param>
/// <param name="to">The last number; the key of -1 is a word of all ones.</param>
internal readonly struct Countdown(int from, CancellationTokenSource? stop = null, int kinds = 1, int to = 0) : ITransitionSystem
{
    // The number, and the one that was marked.
    private readonly int[] _at = [from, from];

    public int KeyWords => 1;

    public int SnapshotSize => 0;

    public int EnabledMax => 1;

    public IReadOnlyList<string> Kinds => [.. Enumerable.Range(0, kinds).Select(kind => $"step {kind}")];

    public IReadOnlyList<string> Landmarks => [];

    public Problem? Start()
    {
        _at[0] = from;
        return null;
    }

    public int Enabled(Span<int> operations)
    {
        if (_at[0] == to)
        {
            stop?.Cancel();
            return 0;
        }

        operations[0] = 0;
        return 1;
    }

    public int KindOf(int operation) => 0;

    public Problem? Apply(int operation, ref ulong landmarks)
    {
        _at[0]--;
        return null;
    }

    public void WriteKey(Span<ulong> key) => key[0] = (ulong)_at[0];

    public void Save(Span<byte> snapshot) => throw new NotSupportedException("states are loaded from keys");

    public void Load(ReadOnlySpan<byte> saved) => _at[0] = (int)MemoryMarshal.Read<ulong>(saved);

    public void Mark() => _at[1] = _at[0];

    public void Back() => _at[0] = _at[1];

    public bool MayRest() => true;

    public string Name(int operation) => Kinds[operation];

    public void Dispose()
    {
    }
}
