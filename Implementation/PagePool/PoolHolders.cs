using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <summary>Who is outside the pool: the things held, oldest first, and the puts under way on the processors.</summary>
internal sealed unsafe class PoolHolders(PoolConfiguration configuration) : StatePart
{
    private int* _count;
    private HeldThing* _things;
    private int* _written;

    /// <summary>The things held.</summary>
    public ReadOnlySpan<HeldThing> Things => new(_things, *_count);

    /// <summary>The put of each processor.</summary>
    public PutUnderWay* Puts { get; private set; }

    /// <summary>Pages that puts under way have in hand.</summary>
    public int InHand
    {
        get
        {
            int pages = 0;
            for (int processor = 0; processor < PoolConfiguration.Processors; processor++)
            {
                pages += Puts[processor].Count;
            }

            return pages;
        }
    }

    /// <summary>First bytes of the page in a frame that its holders wrote since it was given out whole.</summary>
    public ref int Written(int frame) => ref _written[frame];

    /// <summary>One thing more, at the end.</summary>
    public void Add(in HeldThing thing) => _things[(*_count)++] = thing;

    /// <summary>Things go, and those behind them move up.</summary>
    public void Remove(int place, int count)
    {
        var all = new Span<HeldThing>(_things, *_count);
        all[(place + count)..].CopyTo(all[place..]);
        all[^count..].Clear();
        *_count -= count;
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _count = cursor.Take<int>(1);
        _things = cursor.Take<HeldThing>(configuration.HeldMax);
        _written = cursor.Take<int>(configuration.PagesMax);
        Puts = cursor.Take<PutUnderWay>(PoolConfiguration.Processors);
    }
}
