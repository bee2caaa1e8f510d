using RxVerify.Properties.Recordings;

namespace RxVerify.Tests.Recordings;

/// <summary>Every printer and every kernel say the same in other words (C.6).</summary>
public sealed class RecordingFormatTests
{
    public static TheoryData<Printer, Format> Everything
    {
        get
        {
            var all = new TheoryData<Printer, Format>();
            foreach (var printer in Enum.GetValues<Printer>())
            {
                foreach (var format in Enum.GetValues<Format>())
                {
                    all.Add(printer, format);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_whole_life_reads_the_same_from_every_printer_and_kernel(Printer printer, Format format)
    {
        var report = new Recorded(printer, format).Move(0, 1).Life(3).Read();

        Assert.Equal((3, 3, 1, 1), report.Events);
        Assert.Equal((8, 0, 0), (report.Lines, report.PassedOver, report.Losses));
        var life = Assert.Single(report.Lives);
        Assert.Equal((true, true, 3L, 3L, 3), (life.IsWhole, life.IsOver, life.CameIn, life.Left, life.Peak));
        Assert.EndsWith("80b98fda", life.Pool, StringComparison.Ordinal);
        Assert.All(life.Verdicts, verdict => Assert.Equal(ClaimState.Held, verdict.State));

        // A microsecond a line, and the life has seven of them.
        Assert.Equal(6_000, life.Nanoseconds);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_page_outside_is_told_with_who_brought_it_in(Printer printer, Format format)
    {
        var recorded = new Recorded(printer, format).Hold(1, 1);
        recorded.Task = "kworker/1:2";
        var oldest = recorded.On(5).Hold(2, 2).On(0).Release(1, 1).Later(0.5).Look(1, 2, 1, 1).Read().Lives[0].Oldest!;

        Assert.Equal("0x110002", oldest.Page);
        Assert.Equal((2u, 2L, 5, "kworker/1:2-9809"), (oldest.Hold, oldest.Line, oldest.Processor, oldest.Task));
        Assert.Equal(500_002_000, oldest.AgoNanoseconds);
        Assert.True(oldest.IsCertain);
    }

    [Theory]
    [InlineData(Printer.Tracefs)]
    [InlineData(Printer.TraceCmd)]
    [InlineData(Printer.Perf)]
    public void Lost_events_are_understood_in_the_words_of_every_printer(Printer printer)
    {
        var report = new Recorded(printer).Hold(1, 1).Lost(3, 12).Hold(2, 2).Read();
        Assert.Equal((1, 12, 0), (report.Losses, report.LostEvents, report.PassedOver));
    }

    [Theory]
    [InlineData("CPU:1 [LOST EVENTS]", 0)]
    [InlineData("CPU:1 [EVENTS DROPPED]", 0)]
    [InlineData("CPU:12 [LOST 5 EVENTS]", 5)]
    [InlineData("CPU:7 [204600 EVENTS DROPPED]", 204_600)]
    [InlineData(" ping  9809/9810 [001]  1224.258532: PERF_RECORD_LOST_SAMPLES lost 7", 7)]
    [InlineData(" ping  9809 [001]  1224.258532: PERF_RECORD_LOST", 0)]
    [InlineData("##### CPU 2 buffer started ####", 0)]
    [InlineData("# entries-in-buffer/entries-written: 205/1024   #P:2", 819)]
    public void Each_wording_of_a_loss_counts_as_one(string line, long events)
    {
        var report = new Recorded().Hold(1, 1).Line(line).Read();
        Assert.Equal((1, events, 0), (report.Losses, report.LostEvents, report.PassedOver));
    }

    [Theory]
    [InlineData("CPU:x [LOST 5 EVENTS]")]
    [InlineData("CPU: LOST 5 EVENTS")]
    [InlineData("# entries-in-buffer/entries-written: 205/205   #P:2")]
    [InlineData("# entries-in-buffer/entries-written: many")]
    [InlineData("")]
    [InlineData("  cc1-77  [002] d..3   12.000001: sched_switch: prev_comm=page_pool_rel prev_pid=77")]
    [InlineData("  ping-1  [002] .....  12.000001: page_pool_release <-page_pool_destroy")]
    [InlineData(" => page_pool_release")]
    [InlineData("  cc1-77  [002] .....  12.000001: tracing_mark_write: x-2 [000] ..... 12.5: page_pool_state_hold: page_pool=1 page=2 pfn=3 hold=4")]
    [InlineData("  cc1-77  [002] .....  12.000001: tracing_mark_write: page_pool_release: page_pool=1")]
    [InlineData("a note that says page_pool_release: happens last")]
    public void Lines_about_something_else_are_passed_over_and_counted(string line)
    {
        var report = new Recorded().Line(line).Life(1).Read();
        Assert.Equal((1, 0, 3), (report.PassedOver, report.Losses, report.EventCount));
    }

    [Theory]
    [InlineData("            ping-9809    [001] ..s1.  1224.258532: ")]
    [InlineData("            ping-9809    (   9809) [001] ..s1.  1224.258532: ")]
    [InlineData("            ping-9809    (-------) [001] ..s1.  1224.258532: ")]
    [InlineData("            ping-9809    [001]  1224.258532: ")]
    [InlineData("            ping-9809  [001]  1224.258532123: ")]
    [InlineData("ping-9809 [001] d.s2 1224.258532: ")]
    [InlineData("ping  9809 [001]  1224.258532: page_pool:")]
    [InlineData("ping  9809/9810  [001]  1224.258532:     page_pool:")]
    public void Headers_may_have_thread_groups_flags_and_nanoseconds_or_not(string header)
    {
        var report = Recorded.Read($"{header}page_pool_state_hold: page_pool=0000000080b98fda netmem=00000000f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=1\n");
        Assert.Equal((1, "ping"), (report.Lives[0].Oldest!.Processor, report.Lives[0].Oldest!.Task.Split('-')[0]));
    }

    [Theory]
    [InlineData("Web Content")]
    [InlineData("a-b-5")]
    [InlineData("[001] 1.5: x: y")]
    [InlineData("<...>")]
    [InlineData("page_pool_relea")]
    [InlineData("x: page_pool")]
    public void A_task_may_be_named_like_anything(string task)
    {
        foreach (var printer in Enum.GetValues<Printer>())
        {
            var recorded = new Recorded(printer) { Task = task };
            Assert.Equal($"{task}-9809", recorded.Hold(1, 1).Read().Lives[0].Oldest!.Task);
        }
    }

    [Fact]
    public void What_would_steer_a_terminal_is_taken_out_of_names()
    {
        var recorded = new Recorded { Task = "a\u001b[31mb\u202e" };
        Assert.Equal("a\ufffd[31mb\ufffd-9809", recorded.Hold(1, 1).Read().Lives[0].Oldest!.Task);
    }

    [Fact]
    public void Memory_of_a_device_is_told_apart_by_its_address_since_it_has_no_frame()
    {
        static string Event(int time, string kind, string comma, string netmem, int count) =>
            $"ping-1 [000] ..... 1.00000{time}: page_pool_state_{kind}: page_pool=1 netmem={netmem} is_net_iov=1{comma} pfn=0x0 {kind}={count}\n";

        var report = Recorded.Read(
            Event(1, "hold", ",", "00000000f5fbc001", 1) + Event(2, "hold", ",", "00000000f5fbc041", 2) + Event(3, "release", "", "00000000f5fbc001", 1));
        var life = Assert.Single(report.Lives);
        Assert.Equal(1, life.Outside);
        Assert.Equal("f5fbc041", life.Oldest!.Page);
        Assert.DoesNotContain(life.Verdicts, verdict => verdict.State == ClaimState.Broken);
    }

    [Fact]
    public void Pages_whose_hashed_addresses_are_alike_are_two_pages()
    {
        static string Event(string frame, int count) =>
            $"ping-1 [000] ..... 1.00000{count}: page_pool_state_hold: page_pool=1 netmem=00000000f5fbc001 is_net_iov=0, pfn={frame} hold={count}\n";

        var report = Recorded.Read(Event("0x11d974", 1) + Event("0x11d975", 2));
        Assert.Equal(2, report.Lives[0].Outside);
        Assert.False(report.IsBroken);
    }
}
