namespace RxVerify.Implementation.Memory;

/// <summary>
/// Free slots of an array, oldest first: a slot that was given back is used again as late as possible, so that a stale use of
/// it is seen. Lives in a block, needs no preparation beyond zeroed memory.
/// </summary>
internal unsafe struct SlotQueue
{
    private int* _given;
    private Header* _header;
    private int _capacity;

    /// <summary>Slots that can be taken.</summary>
    public readonly int Available => _capacity - _header->EverTaken + _header->Count;

    /// <summary>Slots ever taken; all that are in use are below.</summary>
    public readonly int EverTaken => _header->EverTaken;

    public void Lay(ref BlockCursor cursor, int capacity)
    {
        _header = cursor.Take<Header>(1);
        _given = cursor.Take<int>(capacity);
        _capacity = capacity;
    }

    /// <summary>A slot never used before, else the one given back longest ago, else -1.</summary>
    public readonly int Take(out bool usedBefore)
    {
        var header = _header;
        usedBefore = header->EverTaken == _capacity;
        if (!usedBefore)
        {
            return header->EverTaken++;
        }

        if (header->Count == 0)
        {
            return -1;
        }

        int slot = _given[header->Head];
        header->Head = Next(header->Head);
        header->Count--;
        return slot;
    }

    /// <summary>Gives a taken slot back.</summary>
    public readonly void Give(int slot)
    {
        var header = _header;
        int tail = header->Head + header->Count;
        _given[tail < _capacity ? tail : tail - _capacity] = slot;
        header->Count++;
    }

    private readonly int Next(int index) => index + 1 < _capacity ? index + 1 : 0;

    private struct Header
    {
        public int EverTaken;
        public int Head;
        public int Count;
    }
}
