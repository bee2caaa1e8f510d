using RxVerify.Implementation.Mana;
using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

public sealed class ManaLayoutTests
{
    private static readonly int[] PageSizes = [4096, 16384, 65536];
    private static readonly int[] QueueSizes = [ManaLayoutRequest.QueueSizeMin, 512, ManaLayoutRequest.QueueSizeMax];

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(16384, 1)]
    [InlineData(65536, 1)]
    [InlineData(65536, 128)]
    public void Model_and_implementation_give_the_same_layout_for_every_MTU(int pageSize, int alignment)
    {
        int layouts = 0;
        foreach (int queueSize in QueueSizes)
        {
            foreach (bool hasProgram in new[] { false, true })
            {
                for (int mtu = ManaLayoutRequest.MtuMin; mtu <= ManaLayoutRequest.MtuMax; mtu++, layouts++)
                {
                    var request = new ManaLayoutRequest
                    {
                        Mtu = mtu,
                        PageSize = pageSize,
                        HasProgram = hasProgram,
                        QueueSize = queueSize,
                        CacheAlignment = alignment,
                    };
                    AssertSame(request, ManaLayouts.Of(request), ManaBuffers.LayoutOf<RightManaRules>(request));
                    AssertSame(request, ManaLayouts.AsPublished(request), ManaBuffers.LayoutOf<ChargesWhatWasAsked>(request));
                }
            }
        }

        // 65535 - 68 + 1 MTUs, with and without a program, for three queue sizes.
        Assert.Equal(65_468 * 2 * 3, layouts);
    }

    [Fact]
    public Task The_table_of_layouts_is_that_of_the_facts()
    {
        string rows = string.Join("\n", LayoutTable.Rows.Select(row => row.Computed()));

        Assert.Equal(48, LayoutTable.Rows.Count);
        Assert.Equal(string.Join("\n", LayoutTable.Rows.Select(row => row.Text)), rows);
        return Verify($"{LayoutTable.Heading}\n{rows}");
    }

    [Theory]
    [InlineData(4096, 1714)]
    [InlineData(16384, 7858)]
    [InlineData(65536, 32434)]
    public void The_largest_MTU_with_fragments_is_the_last_that_has_several_buffers_a_page(int pageSize, int expected)
    {
        Assert.Equal(expected, LastOf(mtu => Layout(mtu, pageSize).IsFragmented));

        // B.2: there a buffer is exactly half a page.
        Assert.Equal((pageSize / 2, 2), (Layout(expected, pageSize).AllocSize, Layout(expected, pageSize).Fragments));
    }

    [Theory]
    [InlineData(4096, 3506)]
    [InlineData(16384, 15794)]
    [InlineData(65536, 64946)]
    public void The_largest_MTU_with_a_program_is_the_last_that_is_not_refused(int pageSize, int expected)
    {
        var first = new ManaLayoutRequest { Mtu = expected + 1, PageSize = pageSize, HasProgram = true };

        Assert.Equal(expected, LastOf(mtu => !ManaLayouts.Of(first with { Mtu = mtu }).IsRefused));
        Assert.Equal(new ManaLayoutAnswer(default, ManaLayoutAnswer.NotSupported, expected), ManaLayouts.Of(first));
        Assert.Equal(expected, ManaLayouts.ProgramMtuMax(pageSize));
    }

    [Fact]
    public void A_refusal_says_why_and_a_layout_has_nothing_to_say()
    {
        var request = new ManaLayoutRequest { Mtu = 4000, HasProgram = true };

        Assert.Equal("refused with -EOPNOTSUPP; with a program a page of this size holds an MTU of at most 3506", ManaLayouts.Of(request).Reason);
        Assert.Null(request.Fault());
        Assert.Null(ManaLayouts.Of(request with { HasProgram = false }).Reason);
    }

    [Theory]
    [InlineData(1, 35)]
    [InlineData(64, 35)] // 1856 = 29 * 64 already
    [InlineData(128, 34)] // 1920 = 15 * 128; 65536 / 1920 = 34.1
    public void A_page_of_64_KiB_has_35_buffers_of_an_ordinary_packet_and_34_on_processors_that_align_them_to_128_bytes(int alignment, int fit)
    {
        var layout = ManaLayouts.Of(new ManaLayoutRequest { PageSize = 65536, CacheAlignment = alignment }).Layout;

        // 1500 + 334 = 1834, aligned 1856; 65536 / 1856 = 35.3; 512 / 35 + 1 = 15. The pool size goes by what was expected to fit.
        Assert.Equal(new ManaLayout(1514, 1856, 0, 35, fit, 15, 0), layout);
    }

    [Theory]
    [InlineData(4096, 1714, 4096, 0)] // the largest MTU with fragments otherwise
    [InlineData(4096, 4000, 8192, 1)] // 4000 + 334 need two pages, as without the flag
    [InlineData(65536, 1500, 65536, 0)]
    public void Full_pages_give_each_buffer_an_allocation_for_itself_however_small_it_is(int pageSize, int mtu, int allocated, int order)
    {
        var request = new ManaLayoutRequest { Mtu = mtu, PageSize = pageSize, FullPages = true };

        // No program, so no headroom; one page a buffer, so the ring has room for 512 / 1 + 1.
        Assert.Equal(new ManaLayout(mtu + 14, allocated, 0, 1, 1, 513, order), ManaLayouts.Of(request).Layout);
        AssertSame(request, ManaLayouts.Of(request), ManaBuffers.LayoutOf<RightManaRules>(request));
        Assert.Equal(ManaLayouts.Of(request with { HasProgram = true }), ManaLayouts.Of(request with { HasProgram = true, FullPages = false }));
    }

    [Fact]
    public void Buffers_of_a_page_never_reach_beyond_it_and_each_has_room_for_its_packet_and_the_data_of_its_skb()
    {
        foreach (int pageSize in PageSizes)
        {
            for (int mtu = ManaLayoutRequest.MtuMin; mtu <= ManaLayoutRequest.MtuMax; mtu++)
            {
                AssertRoom(Layout(mtu, pageSize), pageSize);
                var withProgram = ManaLayouts.Of(new ManaLayoutRequest { Mtu = mtu, PageSize = pageSize, HasProgram = true });
                if (!withProgram.IsRefused)
                {
                    AssertRoom(withProgram.Layout, pageSize);
                }
            }
        }
    }

    [Fact]
    public void A_count_of_unaligned_buffers_is_one_too_many_at_an_MTU_of_1459_and_right_at_1500()
    {
        // F-B17: 1459 + 334 = 1793, 65536 / 1793 = 36.6; aligned 1856, 35.3. At 1500: 65536 / 1834 = 35.7.
        Assert.Equal(36, With<CountsUnaligned>(1459, 65536).Fragments);
        Assert.Equal(35, Layout(1459, 65536).Fragments);
        Assert.Equal(Layout(1500, 65536), With<CountsUnaligned>(1500, 65536));
    }

    [Fact]
    public void An_allocation_without_the_data_of_the_skb_leaves_it_outside_the_buffer()
    {
        var layout = With<ForgetsSharedInfo>(1500, 4096);

        // F-B18: 1514 aligned is 1536, and 1514 + 320 = 1834 is behind its end.
        Assert.Equal((1514, 1536, 2), (layout.DataSize, layout.AllocSize, layout.Fragments));
        Assert.True(layout.DataSize + ManaLayouts.SharedInfo > layout.AllocSize);

        // A jumbo packet still has an allocation for itself: 3762 + 14 aligned is 3776, so one page, of which 3776 + 320 = 4096 is all.
        Assert.Equal((4096, 0), (With<ForgetsSharedInfo>(3762, 4096).AllocSize, With<ForgetsSharedInfo>(3762, 4096).Order));
        Assert.Equal((4096, 0), (With<ForgetsSharedInfo>(3763, 4096).AllocSize, With<ForgetsSharedInfo>(3763, 4096).Order));
        Assert.Equal((8192, 1), (Layout(3763, 4096).AllocSize, Layout(3763, 4096).Order));
    }

    [Theory]
    [InlineData(2048, 2432, 4096)]
    [InlineData(9000, 9344, 16384)]
    public void The_published_driver_charges_less_than_it_holds_in_single_buffer_mode(int mtu, int charged, int held)
    {
        Assert.Equal(charged, With<ChargesWhatWasAsked>(mtu, 4096).AllocSize);
        Assert.Equal(held, Layout(mtu, 4096).AllocSize);
    }

    [Theory]
    [InlineData("mtu is 67; expected 68 to 65535", 67, 4096, 512, 1)]
    [InlineData("mtu is 65536; expected 68 to 65535", 65536, 4096, 512, 1)]
    [InlineData("pageSize is 8192; expected 4096, 16384 or 65536", 1500, 8192, 512, 1)]
    [InlineData("queueSize is 64; expected a power of two from 128 to 8192", 1500, 4096, 64, 1)]
    [InlineData("queueSize is 500; expected a power of two from 128 to 8192", 1500, 4096, 500, 1)]
    [InlineData("queueSize is 16384; expected a power of two from 128 to 8192", 1500, 4096, 16384, 1)]
    [InlineData("cacheAlignment is 0; expected a power of two from 1 to 128", 1500, 4096, 512, 0)]
    [InlineData("cacheAlignment is 96; expected a power of two from 1 to 128", 1500, 4096, 512, 96)]
    [InlineData("cacheAlignment is 256; expected a power of two from 1 to 128", 1500, 4096, 512, 256)]
    [InlineData(null, 68, 16384, 128, 128)]
    [InlineData(null, 65535, 65536, 8192, 64)]
    public void What_no_port_can_be_asked_for_is_said_in_one_sentence(string? fault, int mtu, int pageSize, int queueSize, int alignment) =>
        Assert.Equal(fault, new ManaLayoutRequest { Mtu = mtu, PageSize = pageSize, QueueSize = queueSize, CacheAlignment = alignment }.Fault());

    /// <summary>Builds its message only when it is needed: this is asked millions of times.</summary>
    private static void AssertSame(ManaLayoutRequest request, ManaLayoutAnswer model, ManaLayoutAnswer implementation)
    {
        if (model != implementation)
        {
            Assert.Fail($"{request}: the model says {model}, the implementation {implementation}");
        }
    }

    private static void AssertRoom(ManaLayout layout, int pageSize)
    {
        if (layout.Headroom + layout.DataSize + ManaLayouts.SharedInfo > layout.AllocSize || layout.FragmentsThatFit * layout.AllocSize > pageSize << layout.Order)
        {
            Assert.Fail($"{layout} has too little room in a buffer, or reaches beyond its page");
        }
    }

    private static ManaLayout Layout(int mtu, int pageSize) => ManaLayouts.Of(new ManaLayoutRequest { Mtu = mtu, PageSize = pageSize }).Layout;

    private static ManaLayout With<TRules>(int mtu, int pageSize)
        where TRules : struct, IManaRules => ManaBuffers.LayoutOf<TRules>(new ManaLayoutRequest { Mtu = mtu, PageSize = pageSize }).Layout;

    /// <summary>The largest MTU for which something holds that holds for the smallest one and, once it does not, for none that is larger.</summary>
    private static int LastOf(Func<int, bool> holds)
    {
        int last = ManaLayoutRequest.MtuMin - 1;
        for (int mtu = ManaLayoutRequest.MtuMin; mtu <= ManaLayoutRequest.MtuMax; mtu++)
        {
            if (holds(mtu))
            {
                Assert.Equal(mtu - 1, last);
                last = mtu;
            }
        }

        return last;
    }

    private readonly struct CountsUnaligned : IManaRules
    {
        public static int BytesToCount(int needed, int aligned) => needed;
    }

    private readonly struct ForgetsSharedInfo : IManaRules
    {
        public static int BytesToAllocate(int needed, int sharedInfo) => needed - sharedInfo;
    }

    private readonly struct ChargesWhatWasAsked : IManaRules
    {
        public static int BytesToCharge(int asked, int allocated) => asked;
    }
}
