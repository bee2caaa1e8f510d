using System.Text;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Tests.PagePool;

/// <summary>
/// Everything that decides what a world can do next, as text: two worlds with the same text differ in the numbers of their pages and
/// in statistics only. Pages are numbered by where they are met first.
/// </summary>
internal sealed class PoolModelKey
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<PageId, int> _numbers = [];

    public static string Of(PoolModel world)
    {
        var key = new PoolModelKey();
        if (world.Pool is { } pool)
        {
            key.Append(pool);
        }

        foreach (var thing in world.Held)
        {
            key._text.Append('|').Append((int)thing.Kind).Append(' ').Append(thing.Range.Offset).Append('+').Append(thing.Range.Length);
            key.Append(thing.Range.Page, world);
        }

        foreach (var put in world.Processors)
        {
            key._text.Append('/');
            if (put is not null)
            {
                key._text.Append((int)put.Step).Append((int)put.Context).Append(put.IsDirect).Append(put.Produced).Append(' ').Append(put.Sync);
                foreach (var page in put.Pages)
                {
                    key.Append(page, world);
                }
            }
        }

        key._text.Append(' ').Append((int)world.Destroyer);
        return key.ToString();
    }

    /// <summary>A pool, with the facts about each of its pages that is inside it.</summary>
    public void Append(PoolState pool)
    {
        _text.Append(pool.Users).Append(pool.Node).Append(pool.DestroyCount > 0).Append(pool.RetryScheduled).Append(pool.Inflight)
            .Append(pool.RecyclesDirectly).Append(pool.IsMapped).Append(pool.IsSyncing);
        foreach (var page in pool.Cache)
        {
            Append(page, pool);
        }

        var ring = pool.Ring;
        _text.Append('r').Append(ring.Producer).Append(',').Append(ring.Head).Append(',').Append(ring.Tail).Append(ring.IsFull);
        foreach (var page in ring.Pages)
        {
            Append(page, pool);
        }

        if (pool.Current is { } cut)
        {
            _text.Append('c').Append(cut.NextOffset).Append('x').Append(cut.Fragments);
            Append(cut.Page, pool);
        }
    }

    private void Append(PageId page, PoolModel world)
    {
        if (world.Pool is { } pool)
        {
            Append(page, pool);
        }
        else
        {
            Append(page);
        }
    }

    private void Append(PageId page, PoolState pool)
    {
        if (Append(page) && pool.Pages.TryGetValue(page, out var facts))
        {
            _text.Append(facts.Node).Append(facts.FromReserve ? 'r' : 'n').Append(facts.Written)
                .Append(',').Append(facts.Outside).Append(',').Append(facts.References);
        }
    }

    /// <summary>Anything else that decides.</summary>
    public void Append(string text) => _text.Append(text);

    /// <summary>A page by its number; returns whether it is met for the first time.</summary>
    public bool Append(PageId page)
    {
        bool isNew = _numbers.TryAdd(page, _numbers.Count);
        _text.Append(" p").Append(_numbers[page]);
        return isNew;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
