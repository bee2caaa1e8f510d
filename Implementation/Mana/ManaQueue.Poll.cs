using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <content>The poll loop, and one completion up to the point where its packet has a buffer of its own (B.4.2, B.4.3).</content>
public sealed unsafe partial class ManaQueue<TRules, TPoolRules>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)] // A caller that took it in would use up the compiler's budget for inlining what it calls.
    public override int Poll()
    {
        var header = Header;
        ref readonly var layout = ref Layout;
        var pool = LivePool;
        int work = 0;
        bool isLost = false;
        for (; work < _pollMax; work++)
        {
            uint head = header->CompletionHead;
            ref readonly var completion = ref CompletionQueue[head & (uint)(_completions - 1)];
            if (completion.LookAt(head, _completions) != ManaSlot.Ready)
            {
                break;
            }

            isLost = isLost || !Consume(completion, layout, pool);
            header->CompletionHead = head + 1;
        }

        header->Counters.Completed += work;
        if (work > 0)
        {
            Ring();
        }

        return work;
    }

    /// <summary>What one completion brings; false when the rest of the batch is not looked at, as was published (B.4.3).</summary>
    private bool Consume(in ManaCompletion completion, in ManaLayout layout, Pool<TPoolRules> pool)
    {
        if (completion.IsSendQueue || completion.Queue != _device.Queue)
        {
            Header->Counters.CompletionErrors++;
            return TRules.GoesOnAfterForeignCompletion;
        }

        switch (completion.Type)
        {
            case ManaCompletionType.Okay:
                Accept(completion, layout, pool);
                break;
            case ManaCompletionType.Fence:
                Header->Counters.Fences++;
                break;
            case ManaCompletionType.Truncated:
                Header->Counters.Dropped++;
                PostAgain(layout);
                break;
            default:
                Refuse(TRules.RepostsAfterUnknownType, layout);
                break;
        }

        return true;
    }

    /// <summary>A buffer came back that cannot be what the device says; it is posted again, so that slots and entries stay in step (B.7 #12).</summary>
    private void Refuse(bool postsAgain, in ManaLayout layout)
    {
        Header->Counters.CompletionErrors++;
        if (postsAgain)
        {
            PostAgain(layout);
        }
    }

    /// <summary>B.4.3.3-6: a packet, whose buffer leaves its slot when there is another for it.</summary>
    private void Accept(in ManaCompletion completion, in ManaLayout layout, Pool<TPoolRules> pool)
    {
        int length = completion.Length;
        if (length == 0)
        {
            Refuse(TRules.RepostsAfterNoLength, layout);
            return;
        }

        if (TRules.ChecksLength && length > layout.DataSize)
        {
            Refuse(postsAgain: true, layout);
            return;
        }

        var slot = Slots + Header->NextSlot;
        var filled = *slot;
        if (!Refill(slot, layout, pool, PutContext.Local) && TRules.KeepsBufferWithoutReplacement)
        {
            Header->Counters.Dropped++;
            if (TRules.RepostsWithoutReplacement)
            {
                PostAgain(layout);
            }

            return;
        }

        HandOver(filled, length, completion, layout);
        PostAgain(layout);
    }

    /// <summary>B.4.2.2: the bytes of a buffer that leaves its slot become the processor's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeFromDevice(in SlotBuffer filled, int length, in ManaLayout layout)
    {
        bool isWhole = !layout.IsFragmented;
        if (TRules.UnmapsAtHandOver(isWhole, filled.IsFromPool))
        {
            _iommu.Unmap(filled.Address, layout.DataSize);
        }

        if (TRules.SyncsFragments && !isWhole && filled.IsFromPool)
        {
            _iommu.SyncForProcessor(filled.Address, Iommu.OffsetOf(filled.Address), length);
        }
    }
}
