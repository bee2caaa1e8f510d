using RxVerify.Implementation.Memory;

namespace RxVerify.Implementation.PagePool;

/// <content>Cache and ring. The ring is include/linux/ptr_ring.h: an empty place is one that names nothing (C.1).</content>
public sealed unsafe partial class Pool<TRules>
{
    /// <summary>Whether the consumer finds nothing; it looks at one place and takes no lock.</summary>
    private bool IsRingEmpty => Ring[Header->RingHead] == 0;

    /// <summary>Adds a page to the cache; beyond its end is a trap, and the page is lost as it would be.</summary>
    private void Push(int frame)
    {
        int place = Header->Cached;
        if ((uint)place >= (uint)_cacheSize)
        {
            _memory.Catch(TrapKind.CacheOverflow, frame, place, 0);
            return;
        }

        Cache[place] = frame;
        Header->Cached = place + 1;
    }

    /// <summary>Takes the page that came last from a cache that has one.</summary>
    private int Pop() => Cache[--Header->Cached];

    /// <summary>Names a page at the producer's place, for who holds the lock; false when that place is not empty yet.</summary>
    private bool Produce(int frame)
    {
        int* place = Ring + Header->RingProducer;
        if (*place != 0)
        {
            return false;
        }

        *place = frame + 1;
        Header->RingProducer = NextSlot(Header->RingProducer);
        return true;
    }

    /// <summary>Reads the page at the consumer's place, or -1, and clears what was read in batches.</summary>
    private int Consume()
    {
        var header = Header;
        int head = header->RingHead;
        int frame = Ring[head] - 1;
        if (frame < 0)
        {
            return None;
        }

        // Places are cleared together so that producer and consumer seldom meet in a cache line; the end of the array ends a batch.
        header->RingHead = NextSlot(head);
        if (head + 1 - header->RingTail >= _ringClears || header->RingHead == 0)
        {
            for (int place = head; place >= header->RingTail; place--)
            {
                Ring[place] = 0;
            }

            header->RingTail = header->RingHead;
        }

        return frame;
    }

    private int NextSlot(int slot) => slot + 1 < RingSlots ? slot + 1 : 0;
}
