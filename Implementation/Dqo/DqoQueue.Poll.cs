using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <content>The poll loop and finished packets (A.5.6, A.5.7).</content>
public sealed unsafe partial class DqoQueue<TRules, TInBetween>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)] // A caller that took it in would use up the compiler's budget for inlining what it calls.
    public override int Poll(int budget)
    {
        int work = Consume(budget);
        Refill(int.MaxValue);
        return work;
    }

    /// <inheritdoc/>
    public override int Consume(int budget)
    {
        var header = Header;
        int work = 0;
        while (work < budget && TryRead(header->CompletionHead, out var completion))
        {
            var result = Consume(completion);
            header->CompletionHead = (header->CompletionHead + 1) & _completionMask;
            if (TRules.FlipsGeneration(header->CompletionHead, _completionMask))
            {
                header->OldGeneration ^= 1;
            }

            if (result != Result.NoBuffer || TRules.UnknownBufferReturnsSlots)
            {
                header->FreeCompletionSlots++;
                header->BufferHead = (header->BufferHead + 1) & _bufferMask;
            }

            header->Counters.Completed++;
            if (result == Result.Done)
            {
                work += Finish(completion);
            }
            else
            {
                work += Fail(result);
            }

            header->IsDropping = TRules.DropsRestOfPacket && (header->IsDropping || result != Result.Done) && !completion.EndOfPacket;
        }

        return work;
    }

    /// <summary>A.5.7.1.1-2: reads the completion at the head; false when the device has not written it in this lap.</summary>
    private bool TryRead(int slot, out CompletionDescriptor completion)
    {
        var descriptor = CompletionRing + slot;
        if (TRules.ReadsGenerationFirst)
        {
            int generation = descriptor->Generation;
            _inBetween.BetweenDescriptorReads(slot);
            completion = *descriptor;
            return generation != Header->OldGeneration;
        }

        completion = *descriptor;
        _inBetween.BetweenDescriptorReads(slot);
        return descriptor->Generation != Header->OldGeneration;
    }

    /// <summary>A.5.7.1.3: counts a failed completion and gives up the packet it belonged to. Returns its share of the budget.</summary>
    private int Fail(Result result)
    {
        DropPartialPacket();
        if (result == Result.NoMemory)
        {
            Header->Counters.SkbFailures++;
        }
        else
        {
            Header->Counters.DescriptorErrors++;
        }

        return TRules.ChargesFailures ? 1 : 0;
    }

    /// <summary>What is left to do for a completion that was taken. Returns the work that was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Finish(in CompletionDescriptor completion)
    {
        int work = HandUpWhole(completion);
        if (!TRules.ClassifiesBeforeHandUp && Header->UnclassifiedPlusOne != 0)
        {
            int id = Header->UnclassifiedPlusOne - 1;
            Header->UnclassifiedPlusOne = 0;
            Classify(id, StateAt(id), Outstanding(StateAt(id)));
        }

        return work;
    }

    /// <summary>A.5.7.1.6-8: hands the packet up if this completion ended it. Returns the work that was.</summary>
    private int HandUpWhole(in CompletionDescriptor completion)
    {
        int skb = Header->SkbHead;
        if (skb == NetworkStack.None || !completion.EndOfPacket)
        {
            return 0;
        }

        ref var packet = ref _stack[skb];
        if (!Describe(ref packet, completion))
        {
            DropPartialPacket();
            Header->Counters.DescriptorErrors += TRules.CountsRefusedPackets ? 1 : 0;
            return 1;
        }

        ref var counters = ref Header->Counters;
        counters.Packets++;
        counters.Bytes += packet.Length;
        ForgetPartialPacket();
        if (packet.FragmentsInAll != 0)
        {
            // napi_gro_frags consumes the NAPI's skb; a copied packet goes by napi_gro_receive and leaves it alone.
            _stack.NapiSkb = NetworkStack.None;
        }

        _stack.HandUp(skb);
        if (!TRules.ReplenishesBeforeHandUp && Header->UnreplenishedPlusOne != 0)
        {
            Replenish(StateAt(Header->UnreplenishedPlusOne - 1));
            Header->UnreplenishedPlusOne = 0;
        }

        return 1;
    }

    /// <summary>A.5.6.1-2: hash, checksum and coalescing; false when the packet cannot be what the device says.</summary>
    private static bool Describe(ref Skb skb, in CompletionDescriptor completion)
    {
        var l3 = PacketTypes.NetworkOf(completion.PacketType);
        var l4 = PacketTypes.TransportOf(completion.PacketType);
        skb.Hash = completion.Hash;
        skb.HashType = (byte)(l4 != L4.Unknown ? DqoHashType.L4 : l3 != L3.Unknown ? DqoHashType.L3 : DqoHashType.L2);
        skb.ChecksumUnnecessary = completion.HeadersProcessed
            && !(l3 == L3.Ipv4 && (completion.IpChecksumError || completion.OuterIpChecksumError))
            && !(l3 == L3.Ipv6 && completion.Ipv6Extension)
            && !completion.L4ChecksumError
            && l4 != L4.Unknown;
        if (!completion.Coalesced)
        {
            return true;
        }

        skb.SegmentSize = completion.SegmentLength;
        return l4 == L4.Tcp && l3 != L3.Unknown;
    }

    private void ForgetPartialPacket()
    {
        Header->SkbHead = NetworkStack.None;
        Header->SkbTail = NetworkStack.None;
    }

    /// <summary>A.5.7.1.3, D-5: frees the packet under assembly; the NAPI must not keep an skb that is gone.</summary>
    private void DropPartialPacket()
    {
        int skb = Header->SkbHead;
        ForgetPartialPacket();
        if (skb == NetworkStack.None)
        {
            return;
        }

        if (TRules.ClearsNapiSkb && _stack.NapiSkb == skb)
        {
            _stack.NapiSkb = NetworkStack.None;
        }

        if (TRules.FreesPartialPacket)
        {
            _stack.Free(skb);
        }
    }
}
