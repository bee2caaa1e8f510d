using System.Runtime.CompilerServices;

namespace RxVerify.Implementation.Memory;

/// <content>Packets that are described instead of handed up.</content>
public sealed unsafe partial class NetworkStack
{
    /// <summary>In an skb never used before, a reader holds a packet of one fragment, the page's part of which was arranged already (<see cref="PhysicalMemory.Arrange"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Arrange(int frame, int offset, int length)
    {
        var header = _header;
        int skb = _free.Take(out _);
        var packet = _skbAt + skb;
        packet->Length = length;
        packet->Fragments = 1;
        packet->FragmentsInAll = 1;
        packet->FragList = None;
        packet->Next = None;
        packet->Serial = ++header->Serials;
        packet->IsLive = true;
        _fragments[skb * FragmentsMax] = new SkbFragment { Frame = frame, Offset = offset, Length = length };
        _held[header->HeldPackets++] = skb;
        header->HeldLoad++;
    }
}
