using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <content>What becomes of a filled buffer: the program's verdict, the skb, and where it goes (B.4.4, B.4.5).</content>
public sealed unsafe partial class ManaQueue<TRules, TPoolRules>
{
    /// <summary>B.4.4: a filled buffer that is in no slot any more.</summary>
    private void HandOver(in SlotBuffer filled, int length, in ManaCompletion completion, in ManaLayout layout)
    {
        TakeFromDevice(filled, length, layout);
        int skb = TRules.BuildsSkbAfterVerdict ? NetworkStack.None : Build(filled, length, completion, layout);
        var verdict = Header->Program != 0 ? RunProgram(filled, length) : ManaVerdict.Pass;
        if (verdict is ManaVerdict.Pass or ManaVerdict.Tx or ManaVerdict.TxFails)
        {
            skb = TRules.BuildsSkbAfterVerdict ? Build(filled, length, completion, layout) : skb;
            if (skb == NetworkStack.None)
            {
                Drop(filled, layout);
            }
            else
            {
                Send(skb, verdict);
            }

            return;
        }

        bool isRedirected = verdict == ManaVerdict.Redirect && Redirect(filled, length);
        if (isRedirected || (!TRules.DropsAfterFailedRedirect && verdict == ManaVerdict.RedirectFails))
        {
            Header->Counters.XdpRedirected++;
            CountPacket(length);
            if (TRules.LeavesRedirected)
            {
                return;
            }
        }

        Header->Counters.XdpDropped++;
        Drop(filled, layout);
    }

    /// <summary>The program reads the packet and says what is to become of it.</summary>
    private ManaVerdict RunProgram(in SlotBuffer filled, int length)
    {
        _memory.ProcessorAccess(filled.Frame, DataOf(filled), length);
        return _verdicts[Consumed];
    }

    /// <summary>B.4.4.5-6: an skb round the buffer, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Build(in SlotBuffer filled, int length, in ManaCompletion completion, in ManaLayout layout)
    {
        int skb = _stack.Allocate();
        if (skb == NetworkStack.None)
        {
            return skb;
        }

        int size = !layout.IsFragmented || filled.IsFromPool
            ? layout.AllocSize
            : TRules.BytesToChargeForForeignPage(layout.AllocSize, _pageBytes);
        int data = filled.Offset + layout.Headroom;
        WriteSharedInfo(filled, size, data + length, layout);

        // eth_type_trans reads the header.
        _memory.ProcessorAccess(filled.Frame, data, Math.Min(length, ManaBuffers.EthernetHeader));
        _stack.AddFragment(skb, filled.Frame, data, length);
        ref var packet = ref _stack[skb];
        packet.Length = length;
        packet.Truesize = size;
        packet.FragmentsInAll = 1;
        packet.Hash = completion.HashType != 0 ? completion.Hash : 0;
        packet.ChecksumUnnecessary = completion.IpChecksumGood && (completion.TcpChecksumGood || completion.UdpChecksumGood);
        packet.IsForRecycling = TRules.MarksForRecycling(filled.IsFromPool);
        return skb;
    }

    /// <summary>build_skb: the shared info at the end of the buffer, which must not be beyond it (F-B18), nor the packet reach into it (B.7 #3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteSharedInfo(in SlotBuffer filled, int size, int packetEnd, in ManaLayout layout)
    {
        int begin = ManaBuffers.SharedInfoAt(layout, size);
        int first = filled.Offset + begin;
        if (begin + ManaBuffers.SharedInfo > size || packetEnd > first)
        {
            _memory.Catch(TrapKind.OutOfBounds, filled.Frame, first, ManaBuffers.SharedInfo);
        }

        _memory.MarkDirty(filled.Frame, first, ManaBuffers.SharedInfo);
    }

    /// <summary>B.4.4.7: the skb goes up the stack, or back to the wire.</summary>
    private void Send(int skb, ManaVerdict verdict)
    {
        CountPacket(_stack[skb].Length);
        if (verdict == ManaVerdict.Pass)
        {
            _stack.HandUp(skb);
            return;
        }

        Header->Counters.XdpTransmitted++;
        if (verdict == ManaVerdict.Tx)
        {
            Transmit(skb);
            return;
        }

        Header->Counters.TxDropped++;
        FreeHere(skb);
    }

    /// <summary>B.4.5, TX: the packet is mapped for the device to read, and its buffer stays until that is done.</summary>
    private void Transmit(int skb)
    {
        var bytes = _stack.FragmentsOf(skb)[0];
        _holders.Transmissions.Add(new Transmission
        {
            Address = _iommu.Map(bytes.Frame, (byte)ManaFault.None, DmaDirection.ToDevice) + (ulong)(uint)bytes.Offset,
            Skb = TRules.KeepsUntilTransmitted ? skb : NetworkStack.None,
            Frame = bytes.Frame,
            Offset = bytes.Offset,
            Length = bytes.Length,
            Packet = _device.LogOf(Consumed).Packet,
        });
        if (!TRules.KeepsUntilTransmitted)
        {
            // The device goes on reading, whoever has the bytes now.
            _memory.Hold(bytes.Frame, bytes.Offset);
            FreeHere(skb);
        }
    }

    /// <summary>B.4.5, REDIRECT; false when there is no page to copy to.</summary>
    private bool Redirect(in SlotBuffer filled, int length)
    {
        int frame = filled.Frame;
        int data = DataOf(filled);
        if (!filled.IsFromPool && TRules.CopiesForeignPageToRedirect)
        {
            // B.7 #13: frames come back by the pool's memory model, so they have to be the pool's.
            frame = Copy(filled, length);
            if (frame < 0)
            {
                return false;
            }

            data = Layout.Headroom;
            Header->SavedPlusOne = filled.Frame + 1;
        }

        _memory.Hold(frame, data);
        _holders.Frames.Add(new RedirectedFrame
        {
            Frame = frame,
            Offset = data,
            Length = length,
            Packet = _device.LogOf(Consumed).Packet,
            Pool = LivePool.Number,
        });
        return true;
    }

    /// <summary>The packet on a page of the pool, or -1.</summary>
    private int Copy(in SlotBuffer filled, int length)
    {
        int frame = LivePool.TakePage();
        if (frame < 0)
        {
            return frame;
        }

        byte* from = _memory.ProcessorAccess(filled.Frame, DataOf(filled), length);
        byte* to = _memory.ProcessorAccess(frame, Layout.Headroom, length);
        if (from != null && to != null)
        {
            Unsafe.CopyBlock(to, from, (uint)length);
        }

        _memory.MarkDirty(frame, Layout.Headroom, length);
        return frame;
    }

    /// <summary>Where the packet begins on its page.</summary>
    private int DataOf(in SlotBuffer buffer) => buffer.Offset + Layout.Headroom;

    private void CountPacket(int length)
    {
        Header->Counters.Packets++;
        Header->Counters.Bytes += length;
    }

    /// <summary>An skb is freed in the poll, on the pool's processor.</summary>
    private void FreeHere(int skb)
    {
        _pools.Context = PutContext.Local;
        _stack.Free(skb);
    }
}
