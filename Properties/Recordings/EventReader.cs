using System.Text;
using RxVerify.Model.PagePool;

namespace RxVerify.Properties.Recordings;

/// <summary>What a line of a recording is.</summary>
internal enum LineKind
{
    /// <summary>Neither an event of a pool nor news about events that were lost.</summary>
    Other,

    /// <summary>An event of a pool.</summary>
    Event,

    /// <summary>Events of one processor, or of some processor, were lost before this line.</summary>
    Lost,

    /// <summary>Of one processor there is nothing before this line, because older events were overwritten.</summary>
    Started,

    /// <summary>The head of a tracefs file that has fewer events than were written.</summary>
    Overwritten,

    /// <summary>The head of a tracefs file.</summary>
    Head,
}

/// <summary>Reads the lines that tracefs, trace-cmd report and perf script print (C.6), of all kernels from 5.15 on.</summary>
/// <param name="input">Where the lines come from, for errors that name the line.</param>
internal sealed class EventReader(LineInput input)
{
    private const int ShownMax = 100;

    private static ReadOnlySpan<byte> Prefix => "page_pool_"u8;

    /// <summary>The processor that a line about lost events names, or -1.</summary>
    public int LostProcessor { get; private set; }

    /// <summary>How many events were lost, where a line says so; 0 where not.</summary>
    public long LostCount { get; private set; }

    /// <summary>Reads one line. An event of a pool that cannot be read is an error.</summary>
    public LineKind Read(ReadOnlySpan<byte> line, out RecordedEvent found)
    {
        found = default;
        for (int from = 0; line[from..].IndexOf(Prefix) is var at && at >= 0; from += Prefix.Length)
        {
            from += at;
            if (TryName(line[from..], out found.Kind, out int length))
            {
                return ReadEvent(line, from, length, ref found);
            }
        }

        return OtherThanEvent(line);
    }

    private static bool TryName(ReadOnlySpan<byte> text, out RecordedKind kind, out int length)
    {
        (kind, length) =
            text.StartsWith("page_pool_state_hold:"u8) ? (RecordedKind.Hold, "page_pool_state_hold:".Length)
            : text.StartsWith("page_pool_state_release:"u8) ? (RecordedKind.Release, "page_pool_state_release:".Length)
            : text.StartsWith("page_pool_release:"u8) ? (RecordedKind.Look, "page_pool_release:".Length)
            : text.StartsWith("page_pool_update_nid:"u8) ? (RecordedKind.Move, "page_pool_update_nid:".Length)
            : default;
        return length > 0;
    }

    private LineKind ReadEvent(ReadOnlySpan<byte> line, int name, int length, ref RecordedEvent found)
    {
        var fields = line[(name + length)..];
        if (!EventHeader.TryRead(line[..name], ref found))
        {
            // Somebody may have written such a text into the trace, or a task may be named so; then the line has a header of its own.
            return EventHeader.IsIn(line[..name]) || !fields.TrimStart((byte)' ').StartsWith("page_pool="u8)
                ? LineKind.Other
                : throw input.Damaged($"'{Shown(line)}'", "task, number, [processor] and time in seconds before the event, as tracefs, trace-cmd report and perf script print them");
        }

        bool isRead = found.Kind switch
        {
            RecordedKind.Hold => ReadPage(fields, "hold="u8, ref found),
            RecordedKind.Release => ReadPage(fields, "release="u8, ref found),
            RecordedKind.Look => ReadLook(fields, ref found),
            _ => ReadMove(fields, ref found),
        };
        return isRead ? LineKind.Event : throw input.Damaged($"'{Shown(fields)}'", $"'{Format(found.Kind)}'");
    }

    private static bool ReadPage(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> count, ref RecordedEvent found)
    {
        var cursor = new FieldCursor(fields);
        found.Pool = cursor.Hex("page_pool="u8);
        found.Page = cursor.Hex(cursor.IsNext("page="u8) ? "page="u8 : "netmem="u8);
        found.IsDeviceMemory = cursor.IsNext("is_net_iov="u8) && cursor.Decimal("is_net_iov="u8) != 0;
        found.Frame = cursor.Frame("pfn="u8);
        found.Count = cursor.Count(count);
        return cursor.IsComplete;
    }

    private static bool ReadLook(ReadOnlySpan<byte> fields, ref RecordedEvent found)
    {
        var cursor = new FieldCursor(fields);
        found.Pool = cursor.Hex("page_pool="u8);
        found.Inflight = cursor.Signed("inflight="u8);
        uint hold = cursor.Count("hold="u8);
        uint release = cursor.Count("release="u8);
        ulong looks = cursor.Decimal("cnt="u8);
        found.Ledger = new PoolLedger(hold, release, (int)Math.Min(looks, int.MaxValue));

        // One look a second: 31 bits of them are 68 years.
        return cursor.IsComplete && looks <= int.MaxValue;
    }

    private static bool ReadMove(ReadOnlySpan<byte> fields, ref RecordedEvent found)
    {
        var cursor = new FieldCursor(fields);
        found.Pool = cursor.Hex("page_pool="u8);
        cursor.Signed("pool_nid="u8);
        cursor.Signed("new_nid="u8);
        return cursor.IsComplete;
    }

    private static string Format(RecordedKind kind) => kind switch
    {
        RecordedKind.Hold => "page_pool=… page=… or netmem=…, is_net_iov=…, pfn=… hold=…",
        RecordedKind.Release => "page_pool=… page=… or netmem=… is_net_iov=… pfn=… release=…",
        RecordedKind.Look => "page_pool=… inflight=… hold=… release=… cnt=…",
        _ => "page_pool=… pool_nid=… new_nid=…",
    };

    private LineKind OtherThanEvent(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return LineKind.Other;
        }

        return line[0] switch
        {
            (byte)'#' => ReadHead(line),
            (byte)'C' when line.StartsWith("CPU:"u8) => ReadLost(line["CPU:".Length..]),
            (byte)'c' when line.StartsWith("cpus="u8) => LineKind.Head,
            _ => line.IndexOf(": PERF_RECORD_LOST"u8) is var at and >= 0 ? ReadPerfLost(line, at) : LineKind.Other,
        };
    }

    /// <summary>tracefs: "CPU:1 [LOST 12 EVENTS]", trace-cmd: "CPU:1 [12 EVENTS DROPPED]"; both without a number where nobody counted.</summary>
    private LineKind ReadLost(ReadOnlySpan<byte> rest)
    {
        if (!TryNumber(ref rest, out long processor) || !rest.StartsWith(" ["u8) || (!rest.EndsWith("EVENTS]"u8) && !rest.EndsWith("EVENTS DROPPED]"u8)))
        {
            return LineKind.Other;
        }

        rest = rest[2..];
        rest = rest.StartsWith("LOST "u8) ? rest["LOST ".Length..] : rest;
        LostCount = TryNumber(ref rest, out long count) ? count : 0;
        LostProcessor = ProcessorOf(processor);
        return LineKind.Lost;
    }

    /// <summary>perf script --show-lost-events: a header, then "PERF_RECORD_LOST lost 12" or "PERF_RECORD_LOST_SAMPLES lost 12".</summary>
    private LineKind ReadPerfLost(ReadOnlySpan<byte> line, int at)
    {
        var header = default(RecordedEvent);
        LostProcessor = EventHeader.TryRead(line[..(at + 1)], ref header) ? header.Processor : -1;
        int lost = line[at..].IndexOf(" lost "u8);
        var rest = lost < 0 ? default : line[(at + lost + " lost ".Length)..];
        LostCount = TryNumber(ref rest, out long count) ? count : 0;
        return LineKind.Lost;
    }

    /// <summary>"##### CPU 2 buffer started ####", and "# entries-in-buffer/entries-written: 205/1024".</summary>
    private LineKind ReadHead(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("##### CPU "u8))
        {
            var rest = line["##### CPU ".Length..];
            LostProcessor = TryNumber(ref rest, out long processor) ? ProcessorOf(processor) : -1;
            return rest.StartsWith(" buffer started"u8) ? LineKind.Started : LineKind.Other;
        }

        if (line.StartsWith("# entries-in-buffer/entries-written: "u8))
        {
            var rest = line["# entries-in-buffer/entries-written: ".Length..];
            bool isRead = TryNumber(ref rest, out long kept) & rest.StartsWith("/"u8);
            rest = isRead ? rest[1..] : default;
            if (isRead && TryNumber(ref rest, out long written) && kept < written)
            {
                LostCount = written - kept;
                return LineKind.Overwritten;
            }
        }

        return line.StartsWith("# tracer:"u8) ? LineKind.Head : LineKind.Other;
    }

    private static int ProcessorOf(long number) => number is >= 0 and <= ushort.MaxValue ? (int)number : -1;

    private static bool TryNumber(ref ReadOnlySpan<byte> text, out long number)
    {
        bool isRead = System.Buffers.Text.Utf8Parser.TryParse(text, out number, out int used);
        text = text[used..];
        return isRead;
    }

    private static string Shown(ReadOnlySpan<byte> line) => Printable.Of(line.Length > ShownMax ? line[..ShownMax] : line.Trim((byte)' '));
}

/// <summary>Text of a file that is safe to print.</summary>
internal static class Printable
{
    /// <summary>The text without what would steer a terminal: control and formatting characters, and bytes that are no text.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var clean = new StringBuilder(bytes.Length);
        foreach (var rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
        {
            bool isSafe = Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.PrivateUse
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
            clean.Append(isSafe ? rune : Rune.ReplacementChar);
        }

        return clean.ToString();
    }
}
