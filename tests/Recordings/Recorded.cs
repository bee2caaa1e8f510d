using System.Globalization;
using System.Text;
using RxVerify.Properties;
using RxVerify.Properties.Recordings;

namespace RxVerify.Tests.Recordings;

/// <summary>Who writes the lines.</summary>
public enum Printer
{
    /// <summary>The files trace and trace_pipe of tracefs.</summary>
    Tracefs,

    /// <summary>trace-cmd report.</summary>
    TraceCmd,

    /// <summary>perf script.</summary>
    Perf,
}

/// <summary>The formats of C.6, by the first kernel that has them.</summary>
public enum Format
{
    /// <summary>Pages, frame numbers to base ten.</summary>
    Linux515,

    /// <summary>Frame numbers to base sixteen.</summary>
    Linux60,

    /// <summary>netmem in place of page.</summary>
    Linux610,

    /// <summary>is_net_iov, with a comma in one event and none in the other.</summary>
    Linux612,
}

/// <summary>Writes recordings line by line; a microsecond passes with each.</summary>
internal sealed class Recorded(Printer printer = Printer.Tracefs, Format format = Format.Linux612)
{
    /// <summary>The pool that lines speak of where a test does not say.</summary>
    public const ulong Pool = 0x80b98fda;

    private readonly StringBuilder _text = new();

    public int Processor { get; set; }

    public string Task { get; set; } = "ping";

    public int Process { get; set; } = 9809;

    public long Microseconds { get; set; } = 1_224_258_532;

    public string Text => _text.ToString();

    public Recorded On(int processor)
    {
        Processor = processor;
        return this;
    }

    public Recorded Later(double seconds)
    {
        Microseconds += (long)(seconds * 1_000_000);
        return this;
    }

    /// <summary>Page <paramref name="page"/> comes in and counts <paramref name="hold"/>.</summary>
    public Recorded Hold(int page, uint hold, ulong pool = Pool) => Event("page_pool_state_hold", $"page_pool={Address(pool)} {Page(page, ",")} hold={hold}");

    /// <summary>Pages numbered like their counts come in.</summary>
    public Recorded Holds(int from, int to, ulong pool = Pool)
    {
        for (int page = from; page <= to; page++)
        {
            Hold(page, (uint)page, pool);
        }

        return this;
    }

    /// <summary>Page <paramref name="page"/> leaves and counts <paramref name="release"/>.</summary>
    public Recorded Release(int page, uint release, ulong pool = Pool) => Event("page_pool_state_release", $"page_pool={Address(pool)} {Page(page, "")} release={release}");

    /// <summary>Pages numbered like their counts leave.</summary>
    public Recorded Releases(int from, int to, ulong pool = Pool)
    {
        for (int page = from; page <= to; page++)
        {
            Release(page, (uint)page, pool);
        }

        return this;
    }

    public Recorded Look(long inflight, uint hold, uint release, long looks, ulong pool = Pool) =>
        Event("page_pool_release", $"page_pool={Address(pool)} inflight={inflight} hold={hold} release={release} cnt={looks}");

    public Recorded Move(int from, int to) => Event("page_pool_update_nid", $"page_pool={Address(Pool)} pool_nid={from} new_nid={to}");

    /// <summary>A whole life in which so many pages come in and leave.</summary>
    public Recorded Life(int pages, ulong pool = Pool) =>
        Holds(1, pages, pool).Releases(1, pages, pool).Look(0, (uint)pages, (uint)pages, 1, pool);

    /// <summary>The printer's words for events that were lost on a processor.</summary>
    public Recorded Lost(int processor, int count) => Line(printer switch
    {
        Printer.Tracefs => $"CPU:{processor} [LOST {count} EVENTS]",
        Printer.TraceCmd => $"CPU:{processor} [{count} EVENTS DROPPED]",
        _ => $"{Task,16} {Process,5} [{processor:000}] {Time()}: PERF_RECORD_LOST lost {count}",
    });

    /// <summary>An event of any kind.</summary>
    public Recorded Event(string name, FormattableString fields)
    {
        Microseconds++;
        string said = FormattableString.Invariant(fields);
        return Line(printer switch
        {
            Printer.Tracefs => $"{Task,16}-{Process,-7} [{Processor:000}] ..s1. {Time()}: {name}: {said}",
            Printer.TraceCmd => $"{Task,16}-{Process,-5} [{Processor:000}] {Time()}: {name}: {"",-4}{said}",
            _ => $"{Task,16} {Process,5} [{Processor:000}] {Time()}: page_pool:{name}: {said}",
        });
    }

    public Recorded Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    public RecordingReport Read() => Read(Text);

    public static RecordingReport Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static RecordingReport Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return RecordingReader.Read(stream, "test", isLive: false);
    }

    /// <summary>The verdict on a claim about the only, or the first, life.</summary>
    public ClaimVerdict Verdict(Claim claim, int life = 0) => Read().Lives[life].Verdicts.Single(verdict => verdict.Claim == claim);

    private string Time() => string.Create(CultureInfo.InvariantCulture, $"{Microseconds / 1_000_000,5}.{Microseconds % 1_000_000:000000}");

    /// <summary>tracefs prints hashed addresses; the others have what was recorded.</summary>
    private string Address(ulong value) => printer == Printer.TraceCmd ? $"0xffff8881{value:x8}" : $"{value:x16}";

    private string Page(int page, string comma)
    {
        int frame = 0x11_0000 + page;
        string descriptor = Address(0xf5fb_c000 + ((ulong)page * 64));
        return format switch
        {
            Format.Linux515 => string.Create(CultureInfo.InvariantCulture, $"page={descriptor} pfn={frame}"),
            Format.Linux60 => $"page={descriptor} pfn=0x{frame:x}",
            Format.Linux610 => $"netmem={descriptor} pfn=0x{frame:x}",
            _ => $"netmem={descriptor} is_net_iov=0{comma} pfn=0x{frame:x}",
        };
    }
}
