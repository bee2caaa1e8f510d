using RxVerify.Model.Vocabulary;

namespace RxVerify.Implementation.Memory;

/// <content>Pages that are described instead of allocated, mapped and taken by readers one call after the other.</content>
public sealed unsafe partial class PhysicalMemory
{
    /// <summary>A page in the next frame, for memory in which no page was freed yet. Returns the frame.</summary>
    /// <param name="references">Its count.</param>
    /// <param name="mappings">Mappings for the device, 0 or 1.</param>
    /// <param name="heldOnGranules">References of readers on each granule, as <see cref="HeldCounts"/>.</param>
    internal int Arrange(int references, int mappings, uint heldOnGranules)
    {
        int frame = _free.Take(out _);
        int held = 0;
        for (int* granule = _heldOf + (frame * GranulesPerPage); heldOnGranules != 0; heldOnGranules >>= HeldCounts.Bits)
        {
            int here = (int)(heldOnGranules & HeldCounts.Mask);
            *granule++ = here;
            held += here;
        }

        *Touch(frame) = new Frame
        {
            References = references,
            Birth = ++_header->PagesBorn,
            Held = held,
            MapEpoch = (ushort)mappings,
            Mappings = (ushort)mappings,
            Direction = DmaDirection.FromDevice,
            IsLive = true,
        };
        _header->LivePages++;
        _header->Mappings += mappings;
        return frame;
    }
}
