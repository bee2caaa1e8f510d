namespace RxVerify.Properties.Dqo;

/// <content>Packets, by what they hold of the pages that buffer states have.</content>
internal sealed partial class DqoWholeSymmetricKey
{
    private void WritePackets(ref BitWriter writer)
    {
        var stack = _world.Stack;
        int head = _queue.PartialSkb;
        DqoWholeKey.WriteAssembly(ref writer, stack, head);
        int count = 0;
        if (head >= 0)
        {
            int tail = _queue.PartialTail;
            writer.Put(stack[head].Length, DqoWholeKey.LengthBits);
            writer.Put(stack[tail].Fragments, _packetBits);
            writer.Put(tail == head);
            Read(count++, head);
        }

        int first = count;
        writer.Put(stack.LiveSkbs, CountBits);
        writer.Put(_memory.Mappings, CountBits);
        writer.Put(stack.HeldPackets, CountBits);
        for (int place = 0; place < stack.HeldPackets; place++)
        {
            Read(count, stack.HeldAt(place));
            SortIn(count++, first);
        }

        for (int packet = 0; packet < count; packet++)
        {
            var fragments = Packet(packet);
            writer.Put(fragments.Length, _packetBits);
            foreach (int fragment in fragments)
            {
                writer.Put(fragment, _fragmentBits);
            }
        }
    }

    private Span<int> Packet(int place) => _packets[place].AsSpan(0, _fragmentsOf[place]);

    private void Read(int place, int head)
    {
        _fragmentsOf[place] = DqoHeldPackets.Read(_world, head, _packets[place]);
        var fragments = Packet(place);
        foreach (ref int fragment in fragments)
        {
            fragment = Turned(fragment / _chunks, fragment % _chunks);
        }

        fragments.Sort();
    }

    private void SortIn(int place, int first)
    {
        for (; place > first && Packet(place).SequenceCompareTo(Packet(place - 1)) < 0; place--)
        {
            (_packets[place], _packets[place - 1]) = (_packets[place - 1], _packets[place]);
            (_fragmentsOf[place], _fragmentsOf[place - 1]) = (_fragmentsOf[place - 1], _fragmentsOf[place]);
        }
    }

    /// <summary>The state that has a page, and how far a chunk of it is from the one to post next; 0 for a page that no state has.</summary>
    private int Turned(int frame, int chunk)
    {
        int owner = _ownerOf[frame];
        return owner < 0
            ? 0
            : 1 + (_nameOf[owner] * _chunks) + Distance(chunk * _configuration.ChunkSize, _queue.States[owner].Offset);
    }
}
