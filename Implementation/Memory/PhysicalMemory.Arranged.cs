using System.Runtime.CompilerServices;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Implementation.Memory;

/// <content>Pages that are described instead of allocated, mapped and taken by readers one call after the other.</content>
public sealed unsafe partial class PhysicalMemory
{
    /// <summary>A page in the next frame, for memory in which no page was freed yet. Returns the frame.</summary>
    /// <param name="references">Its count.</param>
    /// <param name="mappings">Mappings for the device, 0 or 1.</param>
    /// <param name="heldOnGranules">References of readers on each granule, as <see cref="HeldCounts"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Arrange(int references, int mappings, uint heldOnGranules)
    {
        int frame = _free.Take(out _);
        var page = Touch(frame);
        page->References = references;
        page->Birth = ++_header->PagesBorn;
        page->Held = HeldCounts.Sum(heldOnGranules);
        page->MapEpoch = (ushort)mappings;
        page->Mappings = (ushort)mappings;
        page->Direction = DmaDirection.FromDevice;
        page->IsLive = true;
        for (int* granule = _heldOf + (frame * GranulesPerPage); heldOnGranules != 0; heldOnGranules >>= HeldCounts.Bits)
        {
            *granule++ = (int)(heldOnGranules & HeldCounts.Mask);
        }

        _header->LivePages++;
        _header->Mappings += mappings;
        return frame;
    }
}
