using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Dqo;

/// <summary>What there is to see of a DQO world, for pictures.</summary>
internal sealed class DqoScene
{
    private readonly DqoRun _run;
    private readonly DqoWorld _world;
    private readonly DqoQueue _queue;
    private readonly SceneBuilder _scene = new();
    private readonly SceneMemory _memory;

    private DqoScene(DqoRun run)
    {
        _run = run;
        _world = run.World;
        _queue = run.World.Queue;
        _memory = new SceneMemory(_scene, run.World.Memory);
    }

    /// <summary>The scene of a run as it stands.</summary>
    public static Scene Of(DqoRun run)
    {
        var scene = new DqoScene(run);
        scene._memory.AddPages();
        scene.AddCuts();
        scene.AddPosted();
        scene.AddBuffers();
        scene.AddReaders();
        scene.AddLists();
        scene.AddFacts();
        return scene._scene.Build();
    }

    private void AddCuts()
    {
        for (int frame = 0; frame < _world.Memory.FramesUsed; frame++)
        {
            if (!_world.Memory.IsAllocated(frame))
            {
                continue;
            }

            var page = _memory.PageAt(frame)!;
            page.IsOwned = _queue.IsUp && _world.Configuration.QueuePageList && page.IsMapped == true;
            page.Note($"count {_world.Memory.Count(frame)}, {_world.Memory.HeldOn(frame)} outside");
            for (int chunk = 1; chunk < _world.Configuration.ChunksPerPage; chunk++)
            {
                page.Cut(chunk * _world.Configuration.ChunkSize);
            }
        }
    }

    /// <summary>What the device has: posted, posted and not told of yet, and filled.</summary>
    private void AddPosted()
    {
        var visible = new List<string>();
        for (int place = 0; place < _world.Device.Visible; place++)
        {
            visible.Add(Posted(_world.Device.VisibleAt(place), "posted"));
        }

        var unrung = new List<string>();
        int mask = _world.Configuration.BufferSlots - 1;
        int waiting = _queue.IsUp ? (_queue.BufferTail - _world.Device.Fetched) & mask : 0;
        for (int place = 0; place < waiting; place++)
        {
            unrung.Add(Posted(DescriptorAt((_world.Device.Fetched + place) & mask), "posted, doorbell not rung"));
        }

        var arrived = new List<string>();
        for (long sequence = _world.Consumed; _queue.IsUp && sequence < _world.Device.Written; sequence++)
        {
            arrived.Add(Arrived(_world.Device.LogOf(sequence)));
        }

        _scene.Queue("posted to the device", visible);
        _scene.Queue("posted, doorbell not rung", unrung);
        _scene.Queue("completions waiting", arrived);
    }

    private unsafe PostDescriptor DescriptorAt(int slot) => _queue.PostRing[slot];

    private string Posted(in PostDescriptor descriptor, string how)
    {
        int frame = Iommu.FrameOf(descriptor.Address);
        int offset = Iommu.OffsetOf(descriptor.Address);
        bool isMapped = _world.Iommu.IsMapped(descriptor.Address);
        string buffer = $"buffer {descriptor.BufferId}";
        _memory.PageAt(frame)?.Mark(offset, _world.Configuration.ChunkSize, Holder.Device, $"{buffer} {how}{(isMapped ? "" : ", at an address that is not mapped")}");
        return $"{buffer}: {_memory.Entry(frame, offset)}";
    }

    private string Arrived(in WrittenCompletion completion)
    {
        string disowned = DqoReaders.WhyDisowned(completion) switch
        {
            DqoReaders.Disowned.Not => "",
            DqoReaders.Disowned.Damaged => ", damaged",
            DqoReaders.Disowned.ByLength => ", more than the chunk has",
            _ => ", a lie about the buffer",
        };
        string bytes = $"{Quantity.OfBytes(completion.Length)}{disowned}{(completion.EndOfPacket ? "" : ", packet goes on")}";
        if (!completion.ReturnsBuffer || completion.BufferId >= _queue.States.Length)
        {
            return $"no buffer: {bytes}";
        }

        ref readonly var state = ref _queue.States[completion.BufferId];
        if (state.HasPage)
        {
            _memory.PageAt(state.Frame)?.Mark(state.Offset, _world.Configuration.ChunkSize, Holder.Arrived, $"buffer {completion.BufferId}, {bytes}");
        }

        return $"buffer {completion.BufferId}: {bytes}";
    }

    private void AddBuffers()
    {
        if (!_queue.IsUp)
        {
            return;
        }

        var states = _queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            if (!state.HasPage || _memory.PageAt(state.Frame) is not { } page)
            {
                continue;
            }

            var place = _run.Witness.Places[id];
            string where = place.ToString().ToLowerInvariant();
            page.IsOwned = true;
            page.Note($"buffer {id} {where}, last single {state.LastSingle}{(_world.Configuration.BiasLimit == int.MaxValue ? "" : $", bias {state.Bias}")}");
            if (place != DqoPlace.Posted)
            {
                page.Mark(state.Offset, _world.Configuration.ChunkSize, Holder.Driver, $"buffer {id}, {where}");
            }
        }
    }

    private void AddReaders()
    {
        var packets = new List<string>();
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            int head = _world.Stack.HeldAt(place);
            packets.Add(Packet(head, Holder.Reader, $"packet {_world.Stack[head].Serial}"));
        }

        _scene.Queue("packets that readers hold", packets);
        _scene.Queue("packet under assembly", _queue.PartialSkb < 0 ? [] : [Packet(_queue.PartialSkb, Holder.Driver, "packet under assembly")]);
    }

    private string Packet(int head, Holder holder, string name)
    {
        var parts = new List<string>();
        for (int skb = head; skb >= 0; skb = _world.Stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in _world.Stack.FragmentsOf(skb))
            {
                _memory.MarkGranules(fragment.Frame, fragment.Offset, fragment.Length, holder, name);
                parts.Add(_memory.Entry(fragment.Frame, fragment.Offset));
            }
        }

        return $"{name}: {(parts.Count == 0 ? "a copy" : string.Join(", ", parts))}";
    }

    private void AddLists()
    {
        if (_queue.IsUp)
        {
            AddList("free stack", _queue.FreeTop);
            AddList("recycled list", _queue.RecycledHead);
            AddList("used list", _queue.UsedHead);
        }
    }

    /// <summary>A list as far as it can be walked: a mistake may have tied it into a ring.</summary>
    private void AddList(string name, int head)
    {
        var states = _queue.States;
        var entries = new List<string>();
        for (int id = head; id >= 0 && entries.Count <= states.Length; id = states[id].Next)
        {
            if (id >= states.Length)
            {
                entries.Add($"buffer {id}, which does not exist");
                break;
            }

            entries.Add($"buffer {id}");
        }

        _scene.Queue(name, entries.Count > states.Length ? [.. entries.Distinct(StringComparer.Ordinal), "and again from one of these"] : entries);
    }

    private void AddFacts()
    {
        _scene.Fact("queue", _queue.IsUp ? "up" : "down");
        _scene.Fact("completions written by the device", _world.Device.Written);
        _scene.Fact("completions consumed by the driver", _queue.IsUp ? _world.Consumed : 0);
        _scene.Fact("completion slots not promised", _queue.IsUp ? _queue.FreeCompletionSlots : 0);
        _scene.Fact("rest of a packet is dropped", _queue.IsDropping);
        _scene.Fact("timer armed", _queue.TimerArmed);
        _scene.Fact("pages", _world.Memory.LivePages);
        _scene.Fact("mappings", _world.Memory.Mappings);
        _scene.Fact("skbs", _world.Stack.LiveSkbs);
        ref readonly var counters = ref _queue.Counters;
        _scene.Fact("failures counted", counters.SkbFailures + counters.DescriptorErrors + counters.BufferFailures);
        _scene.Fact("packets copied on demand", counters.CopiedOnDemand);
    }
}
