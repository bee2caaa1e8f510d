namespace RxVerify.Implementation.Memory;

/// <content>Which bytes the device wrote that the processor must not read yet.</content>
public sealed unsafe partial class PhysicalMemory
{
    internal void MarkUnsynced(int frame, int offset, int length)
    {
        int end = offset + length - 1;
        int last = Granule(frame, end);
        for (int granule = Granule(frame, offset); granule <= last; granule++)
        {
            _unsynced[granule].Write(Math.Max(offset, FirstOf(frame, granule)), Math.Min(end, FirstOf(frame, granule + 1) - 1));
        }
    }

    /// <summary>These bytes were synced; what else the device wrote in their granules stays unsynced.</summary>
    internal void MarkSynced(int frame, int offset, int length)
    {
        int last = Granule(frame, offset + length - 1);
        for (int granule = Granule(frame, offset); granule <= last; granule++)
        {
            _unsynced[granule].Sync(offset, offset + length - 1);
        }
    }

    private bool IsUnsynced(int frame, int offset, int length)
    {
        int last = Granule(frame, offset + length - 1);
        for (int granule = Granule(frame, offset); granule <= last; granule++)
        {
            if (_unsynced[granule].Overlaps(offset, offset + length - 1))
            {
                return true;
            }
        }

        return false;
    }
}
