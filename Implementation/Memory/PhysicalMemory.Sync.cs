using System.Runtime.CompilerServices;

namespace RxVerify.Implementation.Memory;

/// <summary>The part of each page that the device is ever given. A mapping covers the whole page; what is synced for the device is this.</summary>
/// <param name="Offset">First byte on the page.</param>
/// <param name="Length">Bytes; 0 when nobody asks what the device sees.</param>
public readonly record struct DeviceWindow(int Offset, int Length);

/// <content>Which bytes one side wrote that the other must not use yet.</content>
public sealed unsafe partial class PhysicalMemory
{
    /// <summary>The processor wrote these bytes of a live page; the device must not be given them before they are synced for it.</summary>
    public void MarkDirty(int frame, int offset, int length)
    {
        if (!IsLive(frame))
        {
            return;
        }

        if (offset < 0 || length < 0 || offset + length > PageSize)
        {
            Catch(TrapKind.OutOfBounds, frame, offset, length);
            return;
        }

        if (ClipToWindow(ref offset, ref length))
        {
            Touched |= 1ul << frame;
            Write(_dirty, frame, offset, length);
        }
    }

    /// <summary>Whether any of these bytes, as far as the device is ever given them, was written and not synced for it.</summary>
    public bool IsDirty(int frame, int offset, int length) => ClipToWindow(ref offset, ref length) && Overlaps(_dirty, frame, offset, length);

    /// <summary>These bytes were synced for the device; what else the processor wrote in their granules stays dirty.</summary>
    internal void MarkClean(int frame, int offset, int length)
    {
        if (ClipToWindow(ref offset, ref length))
        {
            if (length == PageSize)
            {
                new Span<UnsyncedBytes>(_dirty + (frame * GranulesPerPage), GranulesPerPage).Clear();
                return;
            }

            Sync(_dirty, frame, offset, length);
        }
    }

    internal void MarkUnsynced(int frame, int offset, int length) => Write(_unsynced, frame, offset, length);

    /// <summary>These bytes were synced for the processor; what else the device wrote in their granules stays unsynced.</summary>
    internal void MarkSynced(int frame, int offset, int length) => Sync(_unsynced, frame, offset, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsUnsynced(int frame, int offset, int length) => Overlaps(_unsynced, frame, offset, length);

    // Nearly every range lies in one granule, since a buffer does; what crosses several is apart, and out of the compiler's way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(UnsyncedBytes* ledger, int frame, int offset, int length)
    {
        var granule = ledger + Granule(frame, offset, out int first);
        if (first + length <= GranuleSize)
        {
            granule->Write(first, first + length - 1);
        }
        else
        {
            WriteSeveral(granule, first, length);
        }
    }

    private void WriteSeveral(UnsyncedBytes* granule, int first, int length)
    {
        for (int end; length > 0; length -= end - first, first = 0)
        {
            end = Math.Min(first + length, GranuleSize);
            granule++->Write(first, end - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sync(UnsyncedBytes* ledger, int frame, int offset, int length)
    {
        var granule = ledger + Granule(frame, offset, out int first);
        if (first + length <= GranuleSize)
        {
            granule->Sync(first, first + length - 1);
        }
        else
        {
            SyncSeveral(granule, first, length);
        }
    }

    private void SyncSeveral(UnsyncedBytes* granule, int first, int length)
    {
        for (int end; length > 0; length -= end - first, first = 0)
        {
            end = Math.Min(first + length, GranuleSize);
            granule++->Sync(first, end - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Overlaps(UnsyncedBytes* ledger, int frame, int offset, int length)
    {
        var granule = ledger + Granule(frame, offset, out int first);
        return first + length <= GranuleSize ? granule->Overlaps(first, first + length - 1) : OverlapsSeveral(granule, first, length);
    }

    private bool OverlapsSeveral(UnsyncedBytes* granule, int first, int length)
    {
        for (int end; length > 0; length -= end - first, first = 0)
        {
            end = Math.Min(first + length, GranuleSize);
            if (granule++->Overlaps(first, end - 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Leaves of a range what the device is ever given; false when that is nothing, as in memory that keeps no such ledger.</summary>
    private bool ClipToWindow(ref int offset, ref int length)
    {
        int end = Math.Min(offset + length, _window.Offset + _window.Length);
        offset = Math.Max(offset, _window.Offset);
        length = end - offset;
        return length > 0;
    }
}
