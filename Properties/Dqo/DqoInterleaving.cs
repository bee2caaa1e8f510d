using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// Readers on other processors who let go while the driver works: before each read of a page's count, packets on that page may
/// be released. Those on other pages matter to no read in between, so letting go of them is a step of its own.
/// </summary>
/// <remarks>
/// Which packets are let go when is a plan, a number: in its lowest bits how many, then for each the number of the read and the
/// chunk. Plans are found by trying: a step done under one plan shows the reads at which one more packet could go.
/// </remarks>
internal sealed class DqoInterleaving
{
    /// <summary>Packets that can be let go within one step.</summary>
    public const int ReleasesMax = 3;

    /// <summary>Most probes of the used list: reads of counts in one step are numbered with three bits.</summary>
    public const int ProbesMax = 6;

    /// <summary>Bits of a plan.</summary>
    public const int Bits = CountBits + (ReleasesMax * ReleaseBits);

    private const int CountBits = 2;
    private const int ReadBits = 3;
    private const int ChunkBits = 3;
    private const int ReleaseBits = ReadBits + ChunkBits;
    private const int ReadsMax = 1 << ReadBits;
    private readonly DqoWorld _world;
    private readonly int _chunkSize;
    private readonly List<int> _open = [];
    private int _plan;
    private int _reads;

    public DqoInterleaving(DqoWorld world)
    {
        _world = world;
        _chunkSize = world.Configuration.ChunkSize;
    }

    /// <summary>A plan in words, to go behind a step's name.</summary>
    public static string Words(int plan) => string.Concat(
        Enumerable.Range(0, plan & ((1 << CountBits) - 1))
            .Select(release => $"; before count read {ReadOf(plan, release) + 1} a reader lets go of chunk {ChunkOf(plan, release)} of that page"));

    /// <summary>A step begins, and readers follow a plan.</summary>
    public void Begin(int plan)
    {
        (_plan, _reads) = (plan, 0);
        _open.Clear();
        _world.BeforeCountRead = LetGo;
    }

    /// <summary>The step was done.</summary>
    public void End() => _world.BeforeCountRead = null;

    /// <summary>The plans with one release more than the one just done, each once: later releases come at the same read or a later one.</summary>
    public List<int> Longer => _open;

    private static int ReadOf(int plan, int release) => (plan >> (CountBits + (release * ReleaseBits))) & (ReadsMax - 1);

    private static int ChunkOf(int plan, int release) => (plan >> (CountBits + (release * ReleaseBits) + ReadBits)) & ((1 << ChunkBits) - 1);

    private void LetGo(int frame)
    {
        int read = _reads++;
        int count = _plan & ((1 << CountBits) - 1);
        int last = 0;
        for (int release = 0; release < count; release++)
        {
            if (ReadOf(_plan, release) == read)
            {
                last = ChunkOf(_plan, release);
                _world.Stack.Release(PlaceOf(frame, last));
            }
        }

        // Only what extends the plan at its end, so that each set of releases is one plan.
        if (read >= ReadsMax || count == ReleasesMax || (count > 0 && ReadOf(_plan, count - 1) > read))
        {
            return;
        }

        for (int chunk = last; chunk < _world.Configuration.ChunksPerPage; chunk++)
        {
            if (PlaceOf(frame, chunk) >= 0)
            {
                int release = read | (chunk << ReadBits);
                _open.Add((_plan + 1) | (release << (CountBits + (count * ReleaseBits))));
            }
        }
    }

    private int PlaceOf(int frame, int chunk) => _world.Stack.PlaceOf(frame, chunk * _chunkSize);
}
