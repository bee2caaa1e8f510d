using System.IO.Compression;
using System.Text;
using RxVerify.Properties.Recordings;

namespace RxVerify.Tests.Recordings;

/// <summary>Files and pipes: what can be read is read, what cannot ends in one line that names the place.</summary>
public sealed class RecordingInputTests
{
    private const string Header = "ping-9809 [001] ..s1.  1224.258532: ";

    [Theory]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=4294967296")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=-1")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=+1")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=1x")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=1 hold=2")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=11d974 hold=1")]
    [InlineData("page_pool_state_hold: page_pool=(____ptrval____) netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=1")]
    [InlineData("page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0f5fbc5e0f is_net_iov=0, pfn=0x11d974 hold=1")]
    [InlineData("page_pool_state_hold: page_pool= netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=1")]
    [InlineData("page_pool_state_release: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0 pfn=0x11d974 hold=1")]
    [InlineData("page_pool_release: page_pool=80b98fda inflight=0 hold=64 release=64")]
    [InlineData("page_pool_release: page_pool=80b98fda inflight=0 hold=64 release=64 cnt=2147483648")]
    [InlineData("page_pool_release: page_pool=80b98fda inflight=2147483648 hold=64 release=64 cnt=1")]
    [InlineData("page_pool_update_nid: page_pool=80b98fda pool_nid=0")]
    public void An_event_that_cannot_be_read_is_an_error_that_names_file_and_line(string damaged)
    {
        var error = Assert.Throws<RecordingFormatException>(() => Recorded.Read($"# tracer: nop\n{Header}{damaged}\n"));
        Assert.Equal(("test", 2L), (error.File, error.Line));
        Assert.StartsWith("test: line 2: '", error.Message, StringComparison.Ordinal);
        Assert.Contains("; expected 'page_pool=…", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ping-9809   1..s1.   5us : ")]
    [InlineData("ping-9809 [001] ..s1. 1224258532: ")]
    [InlineData("ping-9809 [99999] ..s1. 1224.258532: ")]
    [InlineData("ping-9809 [001] ..s1. 1224.2585321234: ")]
    [InlineData("ping-9809 [001] ..s1. 99999999999.258532: ")]
    [InlineData("a task with a far too long name-9809 [001] ..s1. 1224.258532: ")]
    [InlineData("ping-99999999999 [001] ..s1. 1224.258532: ")]
    public void An_event_in_another_layout_is_an_error_and_not_passed_over(string header)
    {
        var error = Assert.Throws<RecordingFormatException>(
            () => Recorded.Read($"{header}page_pool_state_hold: page_pool=80b98fda netmem=f5fbc5e0 is_net_iov=0, pfn=0x11d974 hold=1\n"));
        Assert.Equal(1, error.Line);
        Assert.Contains("expected task, number, [processor] and time in seconds", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# tracer: nop\n")]
    [InlineData("\0\u0001\u0002 binary")]
    [InlineData("  cc1-77  [002] d..3   12.000001: sched_switch: prev_comm=cc1\n")]
    public void A_file_without_one_event_of_a_pool_is_an_error(string text)
    {
        var error = Assert.Throws<RecordingFormatException>(() => Recorded.Read(text));
        Assert.Equal(1, error.Line);
        Assert.Contains("the end, without one event of a page pool; expected text of tracefs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_line_is_shown_without_what_would_steer_a_terminal()
    {
        var error = Assert.Throws<RecordingFormatException>(() => Recorded.Read($"{Header}page_pool_release: page_pool=\u001b[2J\u0007\n"));
        Assert.DoesNotContain(error.Message, character => char.IsControl(character));
    }

    [Fact]
    public void A_last_line_without_an_end_is_not_believed_because_digits_may_be_missing()
    {
        string whole = new Recorded().Life(64).Text;
        var read = Recorded.Read(whole);
        Assert.False(read.IsBroken || read.IsUndecided || read.IsCut);

        // Its last line says cnt=1, and would say the same with the end cut off.
        var cut = Recorded.Read(whole.TrimEnd('\n'));
        Assert.True(cut.IsCut);
        Assert.Equal((false, true, 1L), (cut.IsBroken, cut.IsUndecided, cut.Losses));
        Assert.Equal(read.EventCount - 1, cut.EventCount);
    }

    [Fact]
    public void Lines_may_end_as_on_other_systems() =>
        Assert.Equal(3, Recorded.Read(new Recorded().Life(1).Text.ReplaceLineEndings("\r\n")).EventCount);

    [Theory]
    [InlineData(5_000)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public void Lines_of_any_length_are_passed_over(int length)
    {
        string life = new Recorded().Life(200).Text;
        var report = Recorded.Read($"{new string('x', length)}\n{life}{new string('y', length)}\n");
        Assert.Equal((403L, 2L, 401L, false), (report.Lines, report.PassedOver, report.EventCount, report.IsCut));
        Assert.False(report.IsUndecided);
    }

    [Fact]
    public void An_event_at_the_beginning_of_a_line_without_end_is_damaged()
    {
        string line = new Recorded().Hold(1, 1).Text.TrimEnd('\n') + new string(' ', 1_000_000) + "x\n";
        Assert.Equal(1, Recorded.Read(line).EventCount);
        Assert.Throws<RecordingFormatException>(() => Recorded.Read(line.Replace("  ", "xx", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_packed_recording_is_told_by_its_content_and_reads_like_the_plain_one()
    {
        byte[] plain = Encoding.UTF8.GetBytes(new Recorded().Life(500).Text);
        var (one, other) = (Recorded.Read(plain), Recorded.Read(Pack(plain)));
        Assert.Equal((one.Events, one.Lines, one.Bytes), (other.Events, other.Lines, other.Bytes));

        var members = Recorded.Read([.. Pack(plain[..1000]), .. Pack(plain[1000..])]);
        Assert.Equal(one.Events, members.Events);
    }

    [Fact]
    public void A_recording_cut_off_in_its_packed_form_is_never_taken_for_a_shorter_one()
    {
        byte[] packed = Pack(Encoding.UTF8.GetBytes(new Recorded().Life(40).Text));
        int refused = 0;
        for (int length = 0; length < packed.Length - 8; length++)
        {
            try
            {
                // Of the first cuts nothing can be unpacked; of the last ones everything, since only the trailer is missing.
                Assert.Equal(81, Recorded.Read(packed[..length]).EventCount);
                Assert.True(length >= packed.Length - 16, $"cut at {length} of {packed.Length}");
            }
            catch (RecordingFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused >= packed.Length - 16);
    }

    [Fact]
    public void A_pipe_that_gives_a_byte_at_a_time_reads_like_a_file()
    {
        byte[] plain = Encoding.UTF8.GetBytes(new Recorded().Life(20).Text);
        using var slow = new SlowStream(plain);
        Assert.Equal(Recorded.Read(plain).Events, RecordingReader.Read(slow, "slow", isLive: true).Events);
    }

    [Fact]
    public void A_live_recording_that_is_stopped_tells_what_is_known_by_then()
    {
        using var stop = new CancellationTokenSource();
        byte[] lines = Encoding.UTF8.GetBytes(new Recorded().Holds(1, 5).Text + "half a li");
        using var waiting = new SlowStream(lines, stop);

        var report = RecordingReader.Read(waiting, "-", isLive: true, stop.Token);
        Assert.Equal((true, 5L, false, 0L), (report.WasStopped, report.EventCount, report.IsCut, report.Losses));
    }

    [Fact]
    public void A_recording_that_is_stopped_before_it_begins_has_no_pools()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(new Recorded().Life(1).Text));
        var report = RecordingReader.Read(stream, "x", isLive: true, new CancellationToken(canceled: true));
        Assert.True(report.WasStopped);
        Assert.Empty(report.Lives);
    }

    [Fact]
    public void A_recording_ten_times_as_long_costs_no_more_memory()
    {
        // 36,000 events more: less than two bytes for each leave room for the curve only, which has 512 to 1,024 points whatever the length.
        long AllocatedFor(int rounds)
        {
            var recorded = new Recorded();
            for (uint count = 1; count <= rounds; count++)
            {
                recorded.Hold(1, count).Release(1, count);
            }

            byte[] text = Encoding.UTF8.GetBytes(recorded.Text);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(2L * rounds, Recorded.Read(text).EventCount);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        AllocatedFor(2_000);
        Assert.InRange(AllocatedFor(20_000) - AllocatedFor(2_000), -65_536, 65_536);
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>Gives one byte at a time. With a source for stopping it asks to be stopped at its end, and then gives nothing and does not end.</summary>
    private sealed class SlowStream(byte[] bytes, CancellationTokenSource? stop = null) : Stream
    {
        private readonly ManualResetEventSlim _closed = new();
        private int _given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_given < bytes.Length)
            {
                buffer[offset] = bytes[_given++];
                return 1;
            }

            if (stop is not null)
            {
                stop.Cancel();
                _closed.Wait(CancellationToken.None);
            }

            return 0;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _closed.Set();
            base.Dispose(disposing);
        }
    }
}
