namespace RxVerify.Implementation.Memory;

/// <content>Packets that are described instead of handed up.</content>
public sealed unsafe partial class NetworkStack
{
    /// <summary>A reader holds a packet of one fragment, the page's part of which was arranged already (<see cref="PhysicalMemory.Arrange"/>).</summary>
    internal void Arrange(int frame, int offset, int length)
    {
        var header = _header;
        int skb = _free.Take(out _);
        _skbAt[skb] = new Skb
        {
            Length = length,
            Fragments = 1,
            FragmentsInAll = 1,
            FragList = None,
            Next = None,
            Serial = ++header->Serials,
            IsLive = true,
        };
        _fragments[skb * FragmentsMax] = new SkbFragment { Frame = frame, Offset = offset, Length = length };
        _held[header->HeldPackets++] = skb;
        header->HeldLoad++;
    }
}
