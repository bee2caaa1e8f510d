using System.Runtime.InteropServices;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>
/// What the claims about pages and their owners speak of, as it was when they were last decided: where it is the same they hold as
/// they held before. A packet that arrives, a fence and an idle poll leave it alone.
/// </summary>
/// <remarks>
/// Slots, the saved page, and all that each pool keeps are compared. Of memory, marks stand for more: each frame that is taken,
/// given back, mapped, unmapped, held, let go or written by the processor is marked, and whoever takes or gives a packet, a
/// transmission or a frame marks one. What the device was given can only have become less unless a doorbell rang.
/// </remarks>
internal sealed class ManaImage
{
    // The queue's pool and those that wait.
    private const int PoolsMax = ManaConfiguration.PoolsMax + 1;

    private readonly ManaWorld _world;
    private readonly SlotBuffer[] _slots;
    private readonly byte[][] _pools = [.. Enumerable.Repeat<byte[]>([], PoolsMax)];
    private Heads _heads;
    private uint _rung;

    public ManaImage(ManaWorld world)
    {
        _world = world;
        _slots = new SlotBuffer[world.Configuration.QueueSize];
    }

    /// <summary>Whether the last look found that a doorbell had rung since the one before.</summary>
    public bool IsMorePosted { get; private set; }

    /// <summary>Compares the world with the image, and makes it the image. Whether anything is another.</summary>
    public bool Look()
    {
        bool isOther = _world.Memory.Touched != 0;
        _world.Memory.ForgetTouched();
        IsMorePosted = _world.Queue.Head != _rung;
        _rung = _world.Queue.Head;

        var stack = _world.Stack;
        var heads = new Heads(
            _world.Queue.IsUp, _world.Queue.SavedFrame, _world.WaitingPools, stack.HeldPackets, stack.Serials, _world.Transmissions.Length, _world.Frames.Length);
        isOther |= heads != _heads;
        _heads = heads;
        for (int place = 0; place < _world.WaitingPools; place++)
        {
            isOther |= IsOther(place, _world.WaitingPoolAt(place));
        }

        if (_world.Queue.Pool is { } pool)
        {
            isOther |= IsOther(PoolsMax - 1, pool);
        }

        return isOther | SlotsAreOther();
    }

    private bool IsOther(int place, Pool pool)
    {
        var now = pool.Variables;
        if (now.SequenceEqual(_pools[place]))
        {
            return false;
        }

        if (_pools[place].Length != now.Length)
        {
            _pools[place] = new byte[now.Length];
        }

        now.CopyTo(_pools[place]);
        return true;
    }

    private bool SlotsAreOther()
    {
        var now = MemoryMarshal.AsBytes(_world.Queue.AllSlots);
        var before = MemoryMarshal.AsBytes(_slots.AsSpan());
        if (now.SequenceEqual(before))
        {
            return false;
        }

        now.CopyTo(before);
        return true;
    }

    private readonly record struct Heads(bool IsUp, int Saved, int Waiting, int Packets, int Serials, int Transmissions, int Frames);
}
