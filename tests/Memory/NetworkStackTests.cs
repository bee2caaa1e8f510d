using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Tests.Memory;

public sealed unsafe class NetworkStackTests : IDisposable
{
    private readonly MemoryBench _bench = new();

    private NetworkStack Stack => _bench.Stack;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Each_fragment_owns_one_reference_and_holds_its_chunk()
    {
        int frame = _bench.Allocate();
        _bench.Memory.AddReferences(frame, 1);
        int skb = _bench.PacketOn(frame, 0, MemoryBench.Chunk);

        // One of the test's own and one for each of the two fragments.
        Assert.Equal(3, _bench.Memory.References(frame));
        Assert.Equal(2, _bench.Memory.HeldOn(frame));
        Assert.Equal(1, _bench.Memory.HeldOn(frame, MemoryBench.Chunk));

        Stack.Free(skb);
        Assert.Equal(1, _bench.Memory.References(frame));
        Assert.Equal(0, _bench.Memory.HeldOn(frame));
        Assert.Equal(0, Stack.LiveSkbs);
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void Freeing_the_last_fragment_frees_the_page()
    {
        Stack.Free(_bench.Packet(0));
        Assert.Equal(0, _bench.Memory.LivePages);
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void A_held_packet_is_found_by_where_its_first_fragment_lies()
    {
        int frame = _bench.Allocate();
        _bench.Memory.AddReferences(frame, 1);
        Stack.HandUp(_bench.Packet(0));
        Stack.HandUp(_bench.PacketOn(frame, MemoryBench.Chunk));

        Assert.Equal((1, -1), (Stack.PlaceOf(frame, MemoryBench.Chunk), Stack.PlaceOf(frame, 0)));
        Stack.Release(0);
        Assert.Equal(0, Stack.PlaceOf(frame, MemoryBench.Chunk));
        Stack.Release(0);
        Assert.Equal(-1, Stack.PlaceOf(frame, MemoryBench.Chunk));
    }

    [Fact]
    public void A_chain_of_siblings_is_freed_whole()
    {
        int head = Chain(_bench.Packet(0), _bench.Packet(0), _bench.Packet(0, MemoryBench.Chunk), _bench.Packet(0));
        Assert.Equal((4, 4), (Stack.LiveSkbs, _bench.Memory.LivePages));

        Stack.Free(head);
        Assert.Equal((0, 0), (Stack.LiveSkbs, _bench.Memory.LivePages));
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void A_nested_chain_is_freed_whole()
    {
        int head = _bench.Packet(0);
        int middle = _bench.Packet(0);
        Stack[head].FragList = middle;
        Stack[middle].FragList = _bench.Packet(0);

        Stack.Free(head);
        Assert.Equal((0, 0), (Stack.LiveSkbs, _bench.Memory.LivePages));
    }

    [Fact]
    public void A_clone_takes_references_of_its_own()
    {
        int head = _bench.Packet(0, MemoryBench.Chunk);
        int frame = Stack.FragmentsOf(head)[0].Frame;
        Stack.HandUp(head);

        Assert.Equal(2, Stack.Clone(0));
        Assert.Equal(4, _bench.Memory.References(frame));
        Assert.Equal((2, 4), (Stack.HeldPackets, Stack.HeldLoad));

        // Either may go first; the page lives until both are gone.
        Assert.Equal(2, Stack.Release(0));
        Assert.Equal(2, _bench.Memory.References(frame));
        Assert.Equal(2, Stack.Release(0));
        Assert.Equal(0, _bench.Memory.LivePages);
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void A_clone_of_a_chain_is_a_chain_of_its_own()
    {
        int head = Chain(_bench.Packet(0), _bench.Packet(0), _bench.Packet(0));
        Stack[head].FragmentsInAll = 3;
        Stack.HandUp(head);

        Assert.Equal(3, Stack.Clone(0));
        int clone = Stack.HeldAt(1);
        int[] original = Parts(head);
        int[] copies = Parts(clone);
        Assert.Equal(3, copies.Length);
        Assert.Empty(original.Intersect(copies));
        Assert.Equal(original.Select(FrameOf), copies.Select(FrameOf));

        Stack.Release(0);
        Assert.Equal((3, 3), (Stack.LiveSkbs, _bench.Memory.LivePages));
        Stack.Release(0);
        Assert.Equal((0, 0), (Stack.LiveSkbs, _bench.Memory.LivePages));
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void A_clone_of_a_copied_packet_has_the_same_bytes_and_facts()
    {
        int skb = Copied(0x5a);
        Stack[skb].Hash = 77;
        Stack.HandUp(skb);

        Assert.Equal(0, Stack.Clone(0));
        int clone = Stack.HeldAt(1);
        Assert.NotEqual(skb, clone);
        Assert.Equal(77u, Stack[clone].Hash);
        Assert.Equal(0x5a, *Stack.LinearOf(clone));
    }

    [Fact]
    public void Packets_are_kept_in_order_of_arrival_and_released_from_any_place()
    {
        int[] packets = [_bench.Packet(0), _bench.Packet(0), _bench.Packet(0), _bench.Packet(0)];
        foreach (int packet in packets)
        {
            Stack.HandUp(packet);
        }

        Assert.Equal(1, Stack.Release(1));
        Assert.Equal([packets[0], packets[2], packets[3]], Held());
        Assert.Equal(1, Stack.Release(2));
        Assert.Equal([packets[0], packets[2]], Held());
        Assert.Equal([1, 3], Held().Select(skb => Stack[skb].Serial));
    }

    [Fact]
    public void A_packet_without_fragments_weighs_one()
    {
        Stack.HandUp(Copied(1));
        Stack.HandUp(_bench.Packet(0, MemoryBench.Chunk));
        Assert.Equal(1 + 2, Stack.HeldLoad);

        Assert.Equal(0, Stack.Release(0));
        Assert.Equal(2, Stack.HeldLoad);
    }

    [Fact]
    public void A_packet_that_is_dropped_at_once_counts_as_handed_up_and_is_gone()
    {
        Stack.DropsAtOnce = true;
        Stack.HandUp(_bench.Packet(0));

        Assert.Equal((1L, 0, 0), (Stack.Delivered, Stack.HeldPackets, Stack.HeldLoad));
        Assert.Equal((0, 0), (Stack.LiveSkbs, _bench.Memory.LivePages));
    }

    [Fact]
    public void A_clone_is_numbered_but_not_delivered()
    {
        Stack.HandUp(_bench.Packet(0));
        Stack.Clone(0);

        Assert.Equal((1L, 2), (Stack.Delivered, Stack.Serials));
        Assert.Equal(2, Stack[Stack.HeldAt(1)].Serial);
    }

    [Fact]
    public void Freeing_an_skb_twice_is_named_so()
    {
        int skb = _bench.Packet(0);
        Stack.Free(skb);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Stack.Free(skb);
        Assert.Equal(new Trap(TrapKind.SkbUseAfterFree, PageId.None, skb, 0), _bench.Memory.Trap);
    }

    [Fact]
    public void A_fragment_for_a_freed_skb_is_named_so_and_holds_nothing()
    {
        int frame = _bench.Allocate();
        int skb = Stack.Allocate();
        Stack.Free(skb);
        Stack.AddFragment(skb, frame, 0, 1);

        Assert.Equal(TrapKind.SkbUseAfterFree, _bench.Trapped);
        Assert.Equal(0, _bench.Memory.HeldOn(frame));
    }

    [Fact]
    public void An_skb_is_used_again_only_when_all_others_were()
    {
        int first = Stack.Allocate();
        Stack.Free(first);

        // 16 skbs: the 15 others come before the one that was freed.
        int[] next = [.. Enumerable.Range(0, 16).Select(_ => Stack.Allocate())];
        Assert.DoesNotContain(first, next[..15]);
        Assert.Equal(first, next[15]);
        Assert.Equal(NetworkStack.None, Stack.Allocate());
    }

    [Fact]
    public void A_fragment_more_than_an_skb_has_room_for_is_named_so_and_holds_nothing()
    {
        int skb = _bench.Packet(0, MemoryBench.Chunk);
        int frame = _bench.Allocate();
        Stack.AddFragment(skb, frame, 0, 1);

        Assert.Equal(new Trap(TrapKind.FragmentOverflow, PageId.None, skb, 0), _bench.Memory.Trap);
        Assert.Equal(2, Stack[skb].Fragments);
        Assert.Equal(0, _bench.Memory.HeldOn(frame));
    }

    [Fact]
    public void The_NAPI_keeps_its_fragment_skb_until_it_is_taken()
    {
        Assert.Equal(NetworkStack.None, Stack.NapiSkb);
        int skb = Stack.NapiGetFragments();
        Assert.Equal(skb, Stack.NapiGetFragments());
        Assert.Equal(1, Stack.LiveSkbs);

        Stack.NapiSkb = NetworkStack.None;
        Assert.NotEqual(skb, Stack.NapiGetFragments());
        Assert.Equal(2, Stack.LiveSkbs);
    }

    [Fact]
    public void The_NAPI_has_no_skb_when_memory_is_missing_and_gets_one_later()
    {
        _bench.Faults.Arm(MemoryBench.SkbFault, 0);
        Assert.Equal(NetworkStack.None, Stack.NapiGetFragments());
        Assert.Equal(NetworkStack.None, Stack.NapiSkb);
        Assert.NotEqual(NetworkStack.None, Stack.NapiGetFragments());
    }

    [Fact]
    public void A_cached_skb_needs_no_memory()
    {
        int skb = Stack.NapiGetFragments();
        _bench.Faults.Arm(MemoryBench.SkbFault, 0);
        Assert.Equal(skb, Stack.NapiGetFragments());
    }

    [Fact]
    public void A_fresh_skb_remembers_nothing_of_its_former_life()
    {
        int old = Chain(_bench.Packet(0), _bench.Packet(0));
        Stack[old].Hash = 1;
        Stack.Free(old);
        for (int skb = Stack.Allocate(); skb != old; skb = Stack.Allocate())
        {
            Assert.NotEqual(NetworkStack.None, skb);
        }

        Assert.Equal((0, NetworkStack.None, NetworkStack.None, 0u), (Stack[old].Fragments, Stack[old].FragList, Stack[old].Next, Stack[old].Hash));
        Assert.Empty(Stack.FragmentsOf(old).ToArray());
    }

    [Fact]
    public void An_observer_is_told_of_each_packet_before_its_bytes_are_gone()
    {
        var observer = new Diary(_bench.Memory);
        Stack.Observer = observer;
        Stack.HandUp(_bench.Packet(0));
        Stack.Clone(0);
        Stack.Release(0);
        Stack.DropsAtOnce = true;
        Stack.HandUp(_bench.Packet(0));

        Assert.Equal(["up 1, 1 live", "clone 1 as 2", "off 1, 1 live", "up 3, 2 live", "off 3, 2 live"], observer.Lines);
    }

    private int Chain(int head, params ReadOnlySpan<int> siblings)
    {
        Stack[head].FragList = siblings[0];
        for (int place = 1; place < siblings.Length; place++)
        {
            Stack[siblings[place - 1]].Next = siblings[place];
        }

        return head;
    }

    private int[] Parts(int head)
    {
        List<int> parts = [head];
        for (int skb = Stack[head].FragList; skb != NetworkStack.None; skb = Stack[skb].Next)
        {
            parts.Add(skb);
        }

        return [.. parts];
    }

    private int FrameOf(int skb) => Stack.FragmentsOf(skb)[0].Frame;

    private int[] Held() => [.. Enumerable.Range(0, Stack.HeldPackets).Select(Stack.HeldAt)];

    private int Copied(byte first)
    {
        int skb = Stack.Allocate();
        *Stack.LinearOf(skb) = first;
        Stack[skb].LinearLength = 1;
        return skb;
    }

    private sealed class Diary(PhysicalMemory memory) : IPacketObserver
    {
        private readonly Dictionary<int, int> _serials = [];

        public List<string> Lines { get; } = [];

        public void HandedUp(NetworkStack stack, int skb)
        {
            _serials[skb] = stack[skb].Serial;
            Lines.Add($"up {stack[skb].Serial}, {memory.LivePages} live");
        }

        public void LettingGo(NetworkStack stack, int skb) => Lines.Add($"off {stack[skb].Serial}, {memory.LivePages} live");

        public void Cloned(int original, int clone) => Lines.Add($"clone {_serials[original]} as {_serials[original] + 1}");
    }
}
