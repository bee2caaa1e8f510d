using RxVerify.Model.Mana;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

/// <summary>A model on its way through a test.</summary>
internal sealed class ManaModelRun
{
    /// <summary>Four buffers, two on a page: fragments of 1856 bytes for 1514 bytes of data (B.2.1). Pages come one by one.</summary>
    public static readonly ManaConfiguration Fragments =
        new() { Mtu = 1500, QueueSize = 4, CompletionSlots = 8, PollMax = 8, PoolCache = 4, PoolRefill = 1, HeldMax = 16 };

    /// <summary>Four buffers, each a page for 2062 bytes of data (B.2.1).</summary>
    public static readonly ManaConfiguration Pages = Fragments with { Mtu = 2048 };

    /// <summary>A queue that has just been created as the model says, without a program.</summary>
    public ManaModelRun(ManaConfiguration configuration)
    {
        Assert.Null(configuration.Fault());
        Model = ManaModel.Start(configuration);
    }

    /// <summary>A queue that was created in another way, after the first one was taken down; its pages are numbered from 1 all the same.</summary>
    public ManaModelRun(ManaConfiguration configuration, bool program, bool preallocated = false)
        : this(configuration)
    {
        TakeDown();
        Assert.Equal(0, Do(ManaOperation.Create(program, preallocated)).Value);
        Model = Model with { Counters = default };
    }

    public ManaModel Model { get; private set; }

    public ManaQueueModel Queue => Model.Queue!;

    public PoolState Pool => Queue.Pool;

    public ManaCounters Counters => Model.Counters;

    /// <summary>The last step that was done.</summary>
    public ManaStep Last { get; private set; }

    /// <summary>Page and offset of the buffer in each slot.</summary>
    public (int Page, int Offset)[] Slots => [.. Queue.Slots.Select(buffer => (buffer.Page.Value, buffer.Offset))];

    /// <summary>The page of the buffer in each slot.</summary>
    public int[] SlotPages => [.. Queue.Slots.Select(buffer => buffer.Page.Value)];

    /// <summary>The slots that the device will take buffers from, in its order.</summary>
    public int[] Visible => [.. Queue.Visible];

    /// <summary>The pages in the pool's cache, the last of which is given out first.</summary>
    public int[] Cache => Numbers(Pool.Cache);

    /// <summary>The pages in the pool's ring, the first of which is read first.</summary>
    public int[] Ring => Numbers(Pool.Ring.Pages);

    /// <summary>The pages of the packets held, oldest first.</summary>
    public int[] PacketPages => Numbers(Model.Packets.Select(packet => packet.Range.Page));

    /// <summary>Does the operations and returns what the last one returned.</summary>
    public ManaOutcome Do(params ManaOperation[] operations)
    {
        foreach (var operation in operations)
        {
            Last = Model.After(operation);
            Model = Last.Next;
            ManaModelInvariants.AssertAll(Model);
        }

        return Last.Outcome;
    }

    /// <summary>So many packets of this size come and are polled.</summary>
    public ManaOutcome Deliver(int packets = 1, int size = 100, ManaVerdict verdict = ManaVerdict.Pass)
    {
        Do([.. Enumerable.Repeat(ManaOperation.Receive(size, verdict), packets)]);
        return Do(ManaOperation.Poll());
    }

    /// <summary>Takes the queue down, and everything else begins anew.</summary>
    public void TakeDown()
    {
        Do(ManaOperation.Teardown());
        Assert.Equal((0, 0), (Model.PagesLive, Model.Load));
        Model = Model with { PagesBorn = 0, Counters = default };
    }

    public bool Allows(ManaOperation operation) => Model.Allows(operation);

    public static int[] Numbers(IEnumerable<PageId> pages) => [.. pages.Select(page => page.Value)];
}
