using System.Runtime.CompilerServices;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Implementation.Memory;

/// <summary>
/// Emulated page frames as a driver sees them: reference counts, allocation that can be told to fail, poison and quarantine
/// for freed pages, and a ledger of which bytes readers hold. The first wrong access is kept as a <see cref="Trap"/>.
/// </summary>
/// <remarks>Payload is outside the block: only the content claim needs it.</remarks>
public sealed unsafe partial class PhysicalMemory : StatePart, IDisposable
{
    /// <summary>What freed memory is filled with.</summary>
    public const byte Poison = 0x6b;

    /// <summary>Bytes of the largest granule.</summary>
    public const int LargestGranule = UnsyncedBytes.LargestGranule;

    // Exact while the largest offset times the largest granule is below 2 to this; 256 KiB times 64 KiB is.
    private const int ReciprocalShift = 40;

    private readonly FaultPlan _faults;
    private readonly NativeBuffer _buffer;
    private readonly byte* _payload;
    private readonly PagePoison _poison;
    private readonly ulong _granuleReciprocal;
    private readonly DeviceWindow _window;
    private Header* _header;
    private SlotQueue _free;
    private int* _heldOf;
    private UnsyncedBytes* _unsynced;
    private UnsyncedBytes* _dirty;

    /// <summary>Memory of <paramref name="frames"/> pages, divided into granules, the unit of the ledgers of holding and syncing.</summary>
    /// <param name="frames">Page frames.</param>
    /// <param name="pageSize">Bytes of a page, up to 256 KiB.</param>
    /// <param name="granuleSize">Bytes of a granule, up to 64 KiB.</param>
    /// <param name="faults">What fails.</param>
    /// <param name="window">Where the ledger of bytes that are not synced for the device is kept, if anywhere.</param>
    public PhysicalMemory(int frames, int pageSize, int granuleSize, FaultPlan faults, DeviceWindow window = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, 1 << Iommu.PageShift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(granuleSize, LargestGranule);
        Frames = frames;
        PageSize = pageSize;
        GranuleSize = granuleSize;
        GranulesPerPage = (pageSize + granuleSize - 1) / granuleSize;
        _granuleReciprocal = ((1ul << ReciprocalShift) / (uint)granuleSize) + 1;
        _window = window;
        _faults = faults;
        _buffer = new NativeBuffer((nint)frames * pageSize, pageSize);
        _payload = _buffer.Start;
        _poison = new PagePoison(_payload, frames, pageSize);
    }

    /// <summary>Page frames.</summary>
    public int Frames { get; }

    /// <summary>Bytes of a page.</summary>
    public int PageSize { get; }

    /// <summary>Bytes of a granule.</summary>
    public int GranuleSize { get; }

    /// <summary>Granules of a page.</summary>
    public int GranulesPerPage { get; }

    /// <summary>Pages allocated and not freed.</summary>
    public int LivePages => _header->LivePages;

    /// <summary>Most pages that were live at once.</summary>
    public int LivePagesPeak => _header->LivePagesPeak;

    /// <summary>Pages ever allocated, which is the id of the youngest.</summary>
    public int PagesBorn => _header->PagesBorn;

    /// <summary>Mappings for the device that were not removed.</summary>
    public int Mappings => _header->Mappings;

    /// <summary>Whether the running code must not sleep.</summary>
    public bool IsAtomic { get; set; }

    /// <summary>
    /// Kinds of wrong access that are let pass, one bit each: those after which the emulation is as sound as before, when a
    /// search is after the harm of another mistake.
    /// </summary>
    public ulong Ignored { get; set; }

    /// <summary>
    /// Whether freed pages are poisoned and looked at again. Payload is no part of a snapshot, so who restores snapshots switches
    /// it off.
    /// </summary>
    public bool KeepsPoison { get; set; } = true;

    /// <summary>The first wrong access, or kind None.</summary>
    public Trap Trap => _header->Trap;

    internal Frame* FrameAt { get; private set; }

    /// <summary>Allocates a page with one reference, filled with poison, which nobody synced; -1 when there is none or <paramref name="fault"/> strikes.</summary>
    /// <param name="fault">The kind of failure that can strike here.</param>
    /// <param name="maySleep">Whether the caller lets the allocator sleep (GFP_KERNEL instead of GFP_ATOMIC).</param>
    public int Allocate(byte fault, bool maySleep)
    {
        if (maySleep && IsAtomic)
        {
            Catch(TrapKind.SleptWhileAtomic, -1, 0, 0);
        }

        if (_faults.Strikes(fault))
        {
            return -1;
        }

        int frame = _free.Take(out bool usedBefore);
        if (frame < 0)
        {
            return -1;
        }

        if (KeepsPoison)
        {
            CheckOrFillPoison(frame, usedBefore);
        }

        new Span<UnsyncedBytes>(_unsynced + Granule(frame, 0), GranulesPerPage).Clear();
        var page = Touch(frame);
        page->References = 1;
        page->IsLive = true;
        page->Birth = ++_header->PagesBorn;
        MarkDirty(frame, 0, PageSize);
        _header->LivePages++;
        _header->LivePagesPeak = Math.Max(_header->LivePagesPeak, _header->LivePages);
        return frame;
    }

    /// <summary>Adds to a page's count, wrapping as page_ref_add does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddReferences(int frame, int count)
    {
        if (IsLive(frame))
        {
            Touch(frame)->References += count;
        }
    }

    /// <summary>Drops one reference; the last one frees the page into quarantine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int frame)
    {
        if (!IsLive(frame, TrapKind.DoubleFree))
        {
            return;
        }

        if (--Touch(frame)->References == 0)
        {
            Free(frame);
        }
    }

    /// <summary>The page count; 0 for a page that is not live. Who asks is noted in <see cref="Asked"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int References(int frame)
    {
        Asked |= 1ul << frame;
        return IsLive(frame) ? FrameAt[frame].References : 0;
    }

    /// <summary>The page count as an observer sees it: 0 for a page that is not live, and looking is no access.</summary>
    public int Count(int frame) => FrameAt[frame].IsLive ? FrameAt[frame].References : 0;

    /// <summary>The page in a frame, none for an index outside memory.</summary>
    public PageId PageOf(int frame) => (uint)frame < (uint)Frames ? new PageId(FrameAt[frame].Birth) : PageId.None;

    /// <summary>Whether the page in a frame is allocated.</summary>
    public bool IsAllocated(int frame) => FrameAt[frame].IsLive;

    /// <summary>Whether the device can reach the page in a frame.</summary>
    public bool IsMapped(int frame) => FrameAt[frame].Mappings > 0;

    /// <summary>Frames that were ever used: all live pages are below.</summary>
    public int FramesUsed => _free.EverTaken;

    /// <summary>
    /// Frames about which anything changed since <see cref="ForgetTouched"/>, for who looks at them again and again: one bit for all
    /// frames that are the same modulo 64. No part of the state; restarting and restoring do not count as change.
    /// </summary>
    public ulong Touched { get; private set; }

    /// <summary>Frames whose count was read since <see cref="ForgetTouched"/>, as <see cref="Touched"/> has those that changed.</summary>
    public ulong Asked { get; private set; }

    /// <summary>References ever given to readers.</summary>
    public int Holds => _header->Holds;

    /// <summary>Number, among all, of the last reference given to a reader on the page in a frame.</summary>
    public int LastHold(int frame) => FrameAt[frame].LastHold;

    /// <summary>References that readers hold on a page.</summary>
    public int HeldOn(int frame) => FrameAt[frame].Held;

    /// <summary>References that readers hold on the granule of a page that contains <paramref name="offset"/>.</summary>
    public int HeldOn(int frame, int offset) => _heldOf[Granule(frame, offset)];

    /// <summary>References that readers hold on each granule of a page.</summary>
    public ReadOnlySpan<int> HeldOnGranules(int frame) => new(_heldOf + (frame * GranulesPerPage), GranulesPerPage);

    /// <summary>A reader begins to hold the granule at <paramref name="offset"/>.</summary>
    public void Hold(int frame, int offset)
    {
        if (IsLive(frame))
        {
            var page = Touch(frame);
            page->Held++;
            page->LastHold = ++_header->Holds;
            _heldOf[Granule(frame, offset)]++;
        }
    }

    /// <summary>A reader lets go of the granule at <paramref name="offset"/>; the page reference is dropped separately.</summary>
    public void LetGo(int frame, int offset)
    {
        if ((uint)frame < (uint)Frames)
        {
            Touch(frame)->Held--;
            _heldOf[Granule(frame, offset)]--;
        }
    }

    /// <summary><see cref="LetGo"/> and <see cref="Put"/> in one: what a reader had on a page goes back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GiveBack(int frame, int offset)
    {
        if ((uint)frame >= (uint)Frames || !FrameAt[frame].IsLive || FrameAt[frame].References == 1)
        {
            LetGo(frame, offset);
            Put(frame);
            return;
        }

        var page = Touch(frame);
        page->Held--;
        page->References--;
        _heldOf[Granule(frame, offset)]--;
    }

    /// <summary>Bytes of a live page for the processor; null, with a trap, when the access is wrong.</summary>
    public byte* ProcessorAccess(int frame, int offset, int length)
    {
        if (!IsLive(frame))
        {
            return null;
        }

        if (offset < 0 || length < 0 || offset + length > PageSize)
        {
            Catch(TrapKind.OutOfBounds, frame, offset, length);
            return null;
        }

        if (length > 0 && IsUnsynced(frame, offset, length))
        {
            Catch(TrapKind.ReadBeforeSync, frame, offset, length);
            return null;
        }

        return HandOut(frame, offset, length);
    }

    /// <summary>Who asked for <see cref="Touched"/> and <see cref="Asked"/> has looked at all of them.</summary>
    public void ForgetTouched() => (Touched, Asked) = (0, 0);

    /// <summary>Keeps the first wrong access of the run.</summary>
    public void Catch(TrapKind kind, int frame, int offset, int length)
    {
        if (_header->Trap.Kind == TrapKind.None && ((Ignored >> (int)kind) & 1) == 0)
        {
            _header->Trap = new Trap(kind, PageOf(frame), offset, length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    /// <summary>The one way to the bytes of a page: who gets a pointer may write there, so what is poisoned again is noted here.</summary>
    internal byte* HandOut(int frame, int offset, int length)
    {
        if (length > 0)
        {
            _poison.HandOut(frame, offset, length);
        }

        return _payload + ((nint)frame * PageSize) + offset;
    }

    /// <summary>A frame's entry to write to; <see cref="FrameAt"/> is for reading.</summary>
    internal Frame* Touch(int frame)
    {
        Touched |= 1ul << frame;
        return FrameAt + frame;
    }

    internal void CountMapping(int change) => _header->Mappings += change;

    internal bool IsHeld(int frame, int offset, int length)
    {
        int last = Granule(frame, offset + length - 1);
        for (int granule = Granule(frame, offset); granule <= last; granule++)
        {
            if (_heldOf[granule] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _header = cursor.Take<Header>(1);
        FrameAt = cursor.Take<Frame>(Frames);
        _free.Lay(ref cursor, Frames);
        _heldOf = cursor.Take<int>(Frames * GranulesPerPage);
        _unsynced = cursor.Take<UnsyncedBytes>(Frames * GranulesPerPage);
        _dirty = cursor.Take<UnsyncedBytes>(_window.Length == 0 ? 0 : Frames * GranulesPerPage);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsLive(int frame, TrapKind otherwise = TrapKind.UseAfterFree)
    {
        if ((uint)frame < (uint)Frames && FrameAt[frame].IsLive)
        {
            return true;
        }

        Catch(otherwise, frame, 0, 0);
        return false;
    }

    /// <summary>The granule of a byte. Multiplies by the reciprocal, since dividing showed in profiles.</summary>
    private int Granule(int frame, int offset) => (frame * GranulesPerPage) + (int)(((uint)offset * _granuleReciprocal) >> ReciprocalShift);

    /// <summary>The granule of a byte, and the byte's place in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Granule(int frame, int offset, out int place)
    {
        int ofPage = (int)(((uint)offset * _granuleReciprocal) >> ReciprocalShift);
        place = offset - (ofPage * GranuleSize);
        return (frame * GranulesPerPage) + ofPage;
    }

    private void Free(int frame)
    {
        if (FrameAt[frame].Mappings > 0)
        {
            Catch(TrapKind.FreedWhileMapped, frame, 0, PageSize);
        }

        if (FrameAt[frame].Held != 0)
        {
            Catch(TrapKind.FreedWhileHeld, frame, 0, PageSize);
        }

        Touch(frame)->IsLive = false;
        _header->LivePages--;
        if (KeepsPoison)
        {
            _poison.FillHandedOut(frame);
        }

        _free.Give(frame);
    }

    private void CheckOrFillPoison(int frame, bool usedBefore)
    {
        if (!usedBefore)
        {
            _poison.FillWhole(frame);
            return;
        }

        if (_poison.FirstDamage(frame) is >= 0 and int damaged)
        {
            Catch(TrapKind.WriteAfterFree, frame, damaged, 1);
        }
    }

    private struct Header
    {
        public Trap Trap;
        public int LivePages;
        public int LivePagesPeak;
        public int PagesBorn;
        public int Mappings;
        public int Holds;
    }
}
