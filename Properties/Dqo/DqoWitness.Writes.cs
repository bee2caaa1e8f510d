using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Dqo;

/// <content>
/// The device's writes, from the driver's side: at the moment of a write, a buffer state that the driver holds for posted must have
/// that chunk. The emulated device takes addresses from a list of its own, so a driver that takes a chunk back while the device
/// still has it, or a device that writes beside what it was given, would otherwise show only if a reader held the chunk.
/// </content>
public sealed partial class DqoWitness : IDeviceObserver
{
    // The state last seen to own a frame: a page stays with its state for long, so the first look is nearly always right.
    private readonly short[] _ownerOf;
    private Finding? _misplacedWrite;

    void IDeviceObserver.Writes(int frame, int offset, int length)
    {
        if (IsPostedBy(_ownerOf[frame], frame, offset, length))
        {
            return;
        }

        for (int id = 0; id < _placeOf.Length; id++)
        {
            if (IsPostedBy(id, frame, offset, length))
            {
                _ownerOf[frame] = (short)id;
                return;
            }
        }

        _misplacedWrite ??= WroteElsewhere(frame, offset, length);
    }

    private bool IsPostedBy(int id, int frame, int offset, int length)
    {
        ref readonly var state = ref _queue.States[id];
        return state.Next == id && state.HasPage && state.Frame == frame && offset >= state.Offset && offset + length <= state.Offset + _chunkSize;
    }
}
