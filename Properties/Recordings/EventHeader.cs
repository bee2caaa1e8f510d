using System.Buffers.Text;

namespace RxVerify.Properties.Recordings;

/// <summary>What stands before the name of an event: task, number, processor, flags, time. Read from the right, since a task may be named like anything.</summary>
/// <remarks>
/// tracefs: <c>ping-9809    [001] ..s1.  1224.258532: </c>, perhaps with a thread group <c>(   9809)</c> before the processor and without flags;
/// trace-cmd: the same with other spaces; perf script: <c>ping  9809/9809 [001]  1224.258532: page_pool:</c>.
/// </remarks>
internal static class EventHeader
{
    /// <summary>The kernel keeps 15 bytes of a task's name (TASK_COMM_LEN); more before a header means that it stands in somebody else's text.</summary>
    private const int TaskMax = 15;

    private const int FlagsMax = 12;
    private const int ProcessorMax = 65_535;
    private const long SecondsMax = 9_000_000_000;
    private const int DecimalsMax = 9;

    /// <summary>Reads the header that ends where the event's name begins. False when there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> before, ref RecordedEvent found)
    {
        if (before.EndsWith("page_pool:"u8))
        {
            before = before[..^"page_pool:".Length];
        }

        before = before.TrimEnd((byte)' ');
        return before is [.., (byte)':']
            && TryTime(ref before, out found.Time)
            && TryProcessor(ref before, out found.Processor)
            && TryTask(before, ref found);
    }

    /// <summary>Whether a line has a header at all, of whatever event.</summary>
    public static bool IsIn(ReadOnlySpan<byte> line)
    {
        for (int at = line.IndexOf(": "u8); at >= 0;)
        {
            var found = default(RecordedEvent);
            if (TryRead(line[..(at + 1)], ref found))
            {
                return true;
            }

            int next = line[(at + 1)..].IndexOf(": "u8);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool TryTime(ref ReadOnlySpan<byte> before, out long time)
    {
        time = 0;
        before = before[..^1];
        if (!TryDigits(ref before, out long parts, out int decimals) || decimals > DecimalsMax || before is not [.., (byte)'.'])
        {
            return false;
        }

        before = before[..^1];
        if (!TryDigits(ref before, out long seconds, out _) || seconds > SecondsMax)
        {
            return false;
        }

        for (; decimals < DecimalsMax; decimals++)
        {
            parts *= 10;
        }

        time = (seconds * 1_000_000_000) + parts;
        return true;
    }

    private static bool TryProcessor(ref ReadOnlySpan<byte> before, out int processor)
    {
        processor = 0;
        int length = before.Length;
        before = before.TrimEnd((byte)' ');
        if (before.Length == length)
        {
            return false;
        }

        if (before is not [.., (byte)']'])
        {
            int space = before.LastIndexOf((byte)' ');
            if (space < 0 || before.Length - space - 1 > FlagsMax)
            {
                return false;
            }

            before = before[..space].TrimEnd((byte)' ');
        }

        if (before is not [.., (byte)']'])
        {
            return false;
        }

        before = before[..^1];
        if (!TryDigits(ref before, out long number, out _) || number > ProcessorMax || before is not [.., (byte)'['])
        {
            return false;
        }

        processor = (int)number;
        before = before[..^1];
        return true;
    }

    private static bool TryTask(ReadOnlySpan<byte> before, ref RecordedEvent found)
    {
        before = before.TrimEnd((byte)' ');
        if (before is [.., (byte)')'])
        {
            int open = before.LastIndexOf((byte)'(');
            before = open < 0 ? default : before[..open].TrimEnd((byte)' ');
        }

        if (!TryDigits(ref before, out long number, out _) || number > int.MaxValue)
        {
            return false;
        }

        if (before is [.., (byte)'/'])
        {
            before = before[..^1];
            if (!TryDigits(ref before, out _, out _))
            {
                return false;
            }
        }

        if (before is not [.., (byte)'-' or (byte)' '])
        {
            return false;
        }

        found.Process = (int)number;
        found.Task = before[..^1].Trim((byte)' ');
        return found.Task.Length <= TaskMax;
    }

    /// <summary>Takes the digits at the end of a text.</summary>
    private static bool TryDigits(ref ReadOnlySpan<byte> text, out long value, out int count)
    {
        int begin = text.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1;
        count = text.Length - begin;
        var digits = text[begin..];
        text = text[..begin];
        return Utf8Parser.TryParse(digits, out value, out int used) && used == count && count > 0;
    }
}
