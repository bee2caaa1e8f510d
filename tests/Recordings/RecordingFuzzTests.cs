using System.IO.Compression;
using System.Text;
using RxVerify.Properties;
using RxVerify.Properties.Recordings;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Recordings;

/// <summary>A hundred thousand recordings with something wrong in them: none crashes, and what the law can know is never passed in silence.</summary>
/// <remarks>Both recordings begin and end with whole lives of which every claim holds, so any word about them is due to the change.</remarks>
public sealed class RecordingFuzzTests
{
    private const int Each = 17_000;
    private static readonly string[][] Recordings = [Ping(), Overlapping()];

    [Fact]
    public void Without_a_change_every_claim_holds() =>
        Assert.All(Recordings, lines => Assert.Null(Noticed(Text(lines))));

    [Fact]
    public void A_line_that_is_missing_is_noticed() => All(1, (dice, lines) =>
    {
        lines.RemoveAt(dice.Below(lines.Count));
        return true;
    });

    [Fact]
    public void A_line_that_is_there_twice_is_noticed() => All(2, (dice, lines) =>
    {
        int line = dice.Below(lines.Count);
        lines.Insert(line, lines[line]);
        return true;
    });

    [Fact]
    public void Lines_that_change_places_are_noticed_where_clock_or_count_tell() => All(3, (dice, lines) =>
    {
        int line = dice.Below(lines.Count - 1);
        var (first, second) = (lines[line], lines[line + 1]);
        (lines[line], lines[line + 1]) = (second, first);

        // On one processor with one time, or on two, the order printed is as good as the other: unless two pages of a pool come in, for one of them counts first.
        bool clockTells = ProcessorOf(first) == ProcessorOf(second) && TimeOf(first) != TimeOf(second);
        bool countTells = first.Contains("state_hold", StringComparison.Ordinal) && second.Contains("state_hold", StringComparison.Ordinal) && PoolOf(first) == PoolOf(second);
        return clockTells || countTells;
    });

    [Fact]
    public void A_digit_that_is_changed_in_a_field_is_noticed() => All(4, (dice, lines) =>
    {
        int line = dice.Below(lines.Count);
        char[] text = lines[line].ToCharArray();
        int from = lines[line].IndexOf(": page_pool=", StringComparison.Ordinal);
        var digits = Enumerable.Range(from, text.Length - from).Where(at => char.IsAsciiDigit(text[at]) && text[at + 1 < text.Length ? at + 1 : at] != 'x').ToList();
        int place = digits[dice.Below(digits.Count)];
        text[place] = (char)('0' + ((text[place] - '0' + 1 + dice.Below(9)) % 10));
        lines[line] = new string(text);
        return true;
    });

    [Fact]
    public void Bytes_that_are_cut_out_across_lines_are_noticed()
    {
        for (int round = 0; round < Each; round++)
        {
            var dice = new Dice((5ul << 32) + (ulong)round);
            string text = Text(Recordings[round % Recordings.Length]);
            int from = dice.Below(text.Length);
            int length = 1 + dice.Below(Math.Min(text.Length - from, 1_000));

            // Within a line only a name, a flag or a space may be gone, which nobody can miss; with a line end an event is gone.
            Check(text.Remove(from, length), mustBeNoticed: text.AsSpan(from, length).Contains('\n'), round);
        }
    }

    [Fact]
    public void Bytes_that_are_overwritten_never_crash_it()
    {
        for (int round = 0; round < Each; round++)
        {
            var dice = new Dice((6ul << 32) + (ulong)round);
            byte[] bytes = Encoding.UTF8.GetBytes(Text(Recordings[round % Recordings.Length]));
            for (int change = dice.Below(4); change >= 0; change--)
            {
                bytes[dice.Below(bytes.Length)] = (byte)dice.Below(256);
            }

            // Whatever it makes of them, it says the same again.
            Assert.Equal(Noticed(bytes), Noticed(bytes));
        }
    }

    private delegate bool Change(Dice dice, List<string> lines);

    /// <summary>Changes recordings; the change says whether it has to be noticed.</summary>
    private static void All(ulong kind, Change change)
    {
        for (int round = 0; round < Each; round++)
        {
            var lines = Recordings[round % Recordings.Length].ToList();
            bool mustBeNoticed = change(new Dice((kind << 32) + (ulong)round), lines);
            Check(Text(lines), mustBeNoticed, round);
        }
    }

    private static void Check(string text, bool mustBeNoticed, int round)
    {
        string? noticed = Noticed(text);
        Assert.True(noticed is not null || !mustBeNoticed, $"round {round} was passed in silence:\n{text}");
    }

    private static string? Noticed(string text) => Noticed(Encoding.UTF8.GetBytes(text));

    /// <summary>What is said of a recording beyond that every claim held, or null.</summary>
    private static string? Noticed(byte[] text)
    {
        try
        {
            var report = Recorded.Read(text);
            return report.Lives.SelectMany(life => life.Verdicts).FirstOrDefault(verdict => verdict.State != ClaimState.Held)?.Because;
        }
        catch (RecordingFormatException error)
        {
            return error.Message;
        }
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string ProcessorOf(string line) => line.Split('[')[1].Split(']')[0];

    private static string TimeOf(string line) => line.Split(": page_pool_", StringSplitOptions.None)[0].Split(' ')[^1];

    private static string PoolOf(string line) => line.Split("page_pool=", StringSplitOptions.None)[1].Split(' ')[0];

    /// <summary>The events of the real recording of one life.</summary>
    private static string[] Ping()
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(SourceTree.Root, "samples", "ping-attach-detach.txt.gz")), CompressionMode.Decompress));
        return [.. text.ReadToEnd().Split('\n').Where(line => line.Contains("page_pool=", StringComparison.Ordinal))];
    }

    /// <summary>Two pools whose lives overlap, so that no stretch of lines is a life of its own; pages go from one to the other, and counts are printed late.</summary>
    private static string[] Overlapping()
    {
        const ulong One = 0x80b98fda;
        const ulong Two = 0x33d0829c;
        return new Recorded(Printer.Perf)
            .On(0).Holds(1, 4, One).On(1).Hold(11, 1, Two).Hold(12, 2, Two)
            .On(0).Release(2, 2, One).On(2).Release(1, 1, One).On(1).Hold(1, 3, Two)
            .On(0).Release(3, 3, One).Look(1, 4, 3, 1, One).On(1).Hold(3, 4, Two).On(0).Release(4, 4, One).Look(0, 4, 4, 2, One)
            .Hold(4, 1, One).Hold(2, 2, One).On(1).Release(12, 1, Two).On(3).Release(3, 3, Two).On(1).Release(11, 2, Two)
            .On(0).Release(4, 1, One).On(1).Look(1, 4, 3, 1, Two).Release(1, 4, Two).Look(0, 4, 4, 2, Two)
            .On(0).Release(2, 2, One).Look(0, 2, 2, 1, One)
            .Text.TrimEnd('\n').Split('\n');
    }
}
