using RxVerify.Explorer;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Mana;

/// <summary>
/// The readers: they look at each packet when it leaves the driver, against what the device says it received in the completion
/// that is being handled, and once more when they let go. What they see is all they trust.
/// </summary>
internal sealed unsafe class ManaReaders : IPacketObserver
{
    private readonly ManaWorld _world;
    private readonly int[] _numberOf;
    private int _transmissions;
    private int _frames;

    public ManaReaders(ManaWorld world)
    {
        _world = world;
        _numberOf = new int[world.Configuration.HeldMax + 1];
        world.Stack.Observer = this;
    }

    /// <summary>The first thing a reader found wrong.</summary>
    public Finding? Finding { get; private set; }

    public void Restart()
    {
        Finding = null;
        BeginStep();
    }

    public void BeginStep()
    {
        _transmissions = _world.Transmissions.Length;
        _frames = _world.Frames.Length;
    }

    public void HandedUp(NetworkStack stack, int skb)
    {
        ref readonly var log = ref _world.Device.LogOf(_world.Queue.Consumed);
        var bytes = stack.FragmentsOf(skb)[0];
        _numberOf[skb] = log.Packet;
        CheckArrival(log, bytes.Frame, bytes.Offset, bytes.Length);
        CheckCharge(bytes.Frame, stack[skb].Truesize);
    }

    public void LettingGo(NetworkStack stack, int skb)
    {
        var bytes = stack.FragmentsOf(skb)[0];
        CheckDeparture(_numberOf[skb], bytes.Frame, bytes.Offset, bytes.Length);
    }

    public void Cloned(int original, int clone)
    {
    }

    /// <summary>What left sideways in this step: each is looked at once, when it is first seen.</summary>
    public void EndStep()
    {
        for (int place = _transmissions; place < _world.Transmissions.Length; place++)
        {
            ref readonly var sent = ref _world.TransmissionAt(place);
            CheckContent(sent.Packet, sent.Frame, sent.Offset, sent.Length);
        }

        for (int place = _frames; place < _world.Frames.Length; place++)
        {
            ref readonly var frame = ref _world.FrameAt(place);
            CheckContent(frame.Packet, frame.Frame, frame.Offset, frame.Length);
        }
    }

    private void CheckArrival(in WrittenCompletion log, int frame, int offset, int length)
    {
        if (log.Type != ManaCompletionType.Okay || log.Packet == 0 || log.Length != log.Bytes)
        {
            Finding ??= new Finding(ManaClaims.DamagedStaysOut,
                $"a completion of type {log.Type} that reported {Quantity.OfBytes(log.Length)}, with {log.Bytes} written, was handed up as a packet of {length}",
                Between(Holder.Driver, $"handed up a packet of {Quantity.OfBytes(length)}", Holder.Device, $"wrote {Quantity.OfBytes(log.Bytes)} and said {log.Type}, {Quantity.OfBytes(log.Length)}", frame, offset, length));
            return;
        }

        if (length != log.Length)
        {
            Finding ??= new Finding(
                ManaClaims.PacketsAreWhole, $"packet {log.Packet} of {Quantity.OfBytes(log.Length)} was handed up with {length}",
                Between(Holder.Driver, $"handed packet {log.Packet} up with {Quantity.OfBytes(length)}", Holder.Device, $"received {Quantity.OfBytes(log.Length)}", frame, offset, length));
            return;
        }

        CheckContent(log.Packet, frame, offset, length);
    }

    private void CheckContent(int number, int frame, int offset, int length)
    {
        byte* bytes = number == 0 ? null : _world.Memory.ProcessorAccess(frame, offset, length);
        if (bytes != null && PacketPattern.FirstDifference(bytes, length, number, 0) is >= 0 and int wrong)
        {
            Finding ??= new Finding(
                ManaClaims.PacketsAreWhole, $"byte {wrong} of packet {number}, at {_world.Memory.PageOf(frame)} byte {offset + wrong}, is not what the device received",
                Between(Holder.Driver, $"passed these bytes on as packet {number}", Holder.Device, $"received another byte {wrong}", frame, offset, length));
        }
    }

    private void CheckDeparture(int number, int frame, int offset, int length)
    {
        byte* bytes = number == 0 ? null : _world.Memory.ProcessorAccess(frame, offset, length);
        if (bytes != null && PacketPattern.FirstDifference(bytes, length, number, 0) is >= 0 and int wrong)
        {
            Finding ??= new Finding(
                ManaClaims.BytesAreStable, $"byte {wrong} of packet {number}, at {_world.Memory.PageOf(frame)} byte {offset + wrong}, changed while it was held",
                new Conflict(Party.Of(Holder.Reader, $"holds packet {number}"), new Party("somebody", $"wrote byte {wrong} of it"), Bytes(frame, offset, length)));
        }
    }

    /// <summary>B.7 #4, #5: a fragment of a pool's page keeps that fragment from being used; anything else keeps its whole page.</summary>
    private void CheckCharge(int frame, int charged)
    {
        ref readonly var layout = ref _world.Queue.Layout;
        int held = layout.IsFragmented && _world.Queue.Pool!.IsOfPool(frame) ? layout.AllocSize : _world.Memory.PageSize;
        if (charged < held)
        {
            Finding ??= new Finding(
                ManaClaims.ChargesWhatIsHeld, $"a packet on {_world.Memory.PageOf(frame)} charges {Quantity.OfBytes(charged)} and keeps {held}",
                Between(Holder.Driver, $"charges the reader {Quantity.OfBytes(charged)}", Holder.Reader, $"keeps {Quantity.OfBytes(held)} from being used", frame, 0, _world.Memory.PageSize));
        }
    }

    private Place Bytes(int frame, int offset, int length) => new(_world.Memory.PageOf(frame), offset, length);

    private Conflict Between(Holder first, string does, Holder second, string other, int frame, int offset, int length) =>
        new(Party.Of(first, does), Party.Of(second, other), Bytes(frame, offset, length));
}
