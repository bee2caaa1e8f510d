using RxVerify.Explorer;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Properties.PagePool;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Mana;

/// <summary>What there is to see of a MANA world, for pictures.</summary>
internal sealed class ManaScene
{
    private readonly ManaWorld _world;
    private readonly ManaQueue _queue;
    private readonly SceneBuilder _scene = new();
    private readonly SceneMemory _memory;
    private readonly HashSet<ulong> _atDevice = [];

    private ManaScene(ManaWorld world)
    {
        _world = world;
        _queue = world.Queue;
        _memory = new SceneMemory(_scene, world.Memory);
    }

    /// <summary>The scene of a world as it stands.</summary>
    public static Scene Of(ManaWorld world)
    {
        var scene = new ManaScene(world);
        scene._memory.AddPages();
        scene.AddNotes();
        scene.AddDevice();
        scene.AddSlots();
        scene.AddHolders();
        scene.AddPools();
        scene.AddFacts();
        return scene._scene.Build();
    }

    private void AddNotes()
    {
        for (int frame = 0; frame < _world.Memory.FramesUsed; frame++)
        {
            if (!_world.Memory.IsAllocated(frame))
            {
                continue;
            }

            var page = _memory.PageAt(frame)!;
            page.IsOwned = _queue.Pool is { } pool && pool.IsUp && pool.Current == frame;
            page.Note($"page count {_world.Memory.Count(frame)}");
        }
    }

    /// <summary>What the device may write, and what it has filled, both in its order.</summary>
    private void AddDevice()
    {
        var posted = new List<string>();
        for (int place = 0; place < _world.Device.Visible; place++)
        {
            ulong address = _world.Device.VisibleAt(place).Address;
            bool isMapped = _world.Iommu.IsMapped(address);
            posted.Add(MarkBuffer(address, (int)_world.Device.VisibleAt(place).Length, Holder.Device, $"posted{(isMapped ? "" : ", at an address that is not mapped")}"));
        }

        var arrived = new List<string>();
        for (long sequence = _queue.Consumed; _queue.IsUp && sequence < _world.Device.Written; sequence++)
        {
            ref readonly var completion = ref _world.Device.LogOf(sequence);
            string what = $"{completion.Type}, {Quantity.OfBytes(completion.Length)}";
            arrived.Add(completion.ReturnsBuffer ? $"{MarkBuffer(completion.Address, completion.Bytes, Holder.Arrived, what)}: {what}" : $"no buffer: {what}");
        }

        _scene.Queue("posted to the device", posted);
        _scene.Queue("completions waiting", arrived);
    }

    private string MarkBuffer(ulong address, int length, Holder holder, string text)
    {
        _atDevice.Add(address);
        int frame = Iommu.FrameOf(address);
        int offset = Iommu.OffsetOf(address);
        Mark(frame, offset, length, holder, text);
        return _memory.Entry(frame, offset);
    }

    /// <summary>Somebody has the buffer in which these bytes lie: a fragment, or where the queue does not cut its pages, the whole page.</summary>
    private void Mark(int frame, int offset, int length, Holder holder, string text)
    {
        if (_queue.Layout.IsFragmented)
        {
            _memory.MarkGranules(frame, offset, length, holder, text);
        }
        else
        {
            _memory.PageAt(frame)?.Mark(0, _world.Memory.PageSize, holder, text);
        }
    }

    private void AddSlots()
    {
        var entries = new List<string>();
        for (int slot = 0; _queue.IsUp && slot < _world.Configuration.QueueSize; slot++)
        {
            ref readonly var buffer = ref _queue.SlotAt(slot);
            string next = slot == _queue.NextSlot ? " (completes next)" : "";
            if (!buffer.HasBuffer)
            {
                entries.Add($"slot {slot}: empty{next}");
                continue;
            }

            entries.Add($"slot {slot}: {_memory.Entry(buffer.Frame, buffer.Offset)}{(buffer.IsFromPool ? "" : ", allocated before")}{next}");
            if (!_atDevice.Contains(buffer.Address))
            {
                Mark(buffer.Frame, buffer.Offset, 1, Holder.Driver, $"slot {slot}");
            }
        }

        _scene.Queue("slots of the driver", entries);
        _scene.Queue("parts of the queue that exist", Enum.GetValues<ManaResource>().Where(_queue.Has).Select(resource => resource.ToString()));
    }

    private void AddHolders()
    {
        var packets = new List<string>();
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            int skb = _world.Stack.HeldAt(place);
            var bytes = _world.Stack.FragmentsOf(skb)[0];
            string name = $"packet {_world.Stack[skb].Serial}";
            Mark(bytes.Frame, bytes.Offset, bytes.Length, Holder.Reader, name);
            packets.Add($"{name}: {_memory.Entry(bytes.Frame, bytes.Offset)}, {Quantity.OfBytes(bytes.Length)}, charges {_world.Stack[skb].Truesize}{(_world.Stack[skb].IsForRecycling ? ", for recycling" : "")}");
        }

        var sent = new List<string>();
        foreach (ref readonly var one in _world.Transmissions)
        {
            Mark(one.Frame, one.Offset, one.Length, Holder.Transmitter, $"packet {one.Packet}");
            sent.Add($"packet {one.Packet}: {_memory.Entry(one.Frame, one.Offset)}");
        }

        var redirected = new List<string>();
        foreach (ref readonly var one in _world.Frames)
        {
            Mark(one.Frame, one.Offset, one.Length, Holder.Redirected, $"packet {one.Packet}");
            redirected.Add($"packet {one.Packet}: {_memory.Entry(one.Frame, one.Offset)}");
        }

        _scene.Queue("packets that readers hold", packets);
        _scene.Queue("packets sent back", sent);
        _scene.Queue("packets redirected", redirected);
    }

    private void AddPools()
    {
        if (_queue.Pool is { } pool)
        {
            PoolScene.AddPool(_scene, _memory, pool, _world.Memory.PageSize, "");
        }

        for (int place = 0; place < _world.WaitingPools; place++)
        {
            PoolScene.AddPool(_scene, _memory, _world.WaitingPoolAt(place), _world.Memory.PageSize, $"waiting pool {place + 1}: ");
        }

        if (_queue.SavedFrame >= 0)
        {
            _memory.PageAt(_queue.SavedFrame)?.Mark(0, _world.Memory.PageSize, Holder.Driver, "saved for later");
        }
    }

    private void AddFacts()
    {
        ref readonly var layout = ref _queue.Layout;
        _scene.Fact("queue", _queue.IsUp ? "up" : "down");
        _scene.Fact("program", _queue.HasProgram);
        _scene.Fact("MTU", _world.Configuration.Mtu);
        _scene.Fact("buffers", layout.IsFragmented ? $"fragments of {Quantity.OfBytes(layout.AllocSize)}" : "whole pages");
        _scene.Fact("room in a buffer", $"headroom {layout.Headroom}, data {layout.DataSize}");
        _scene.Fact("pages", _world.Memory.LivePages);
        _scene.Fact("mappings", _world.Memory.Mappings);
        ref readonly var counters = ref _queue.Counters;
        _scene.Fact("completions consumed", counters.Completed);
        _scene.Fact("packets, dropped, errors, fences", $"{counters.Packets}, {counters.Dropped}, {counters.CompletionErrors}, {counters.Fences}");
    }
}
