using System.Diagnostics;
using System.Text.Json;
using RxVerify.Properties.Traffic;

namespace RxVerify.Benchmarks;

/// <summary>One way to lay out buffers, measured.</summary>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="FullPages">Whether each buffer has a page for itself; else several share one.</param>
/// <param name="Pages">Pages that the queue has.</param>
/// <param name="PinnedBytes">Bytes of them.</param>
/// <param name="ChargedBytes">Bytes that a socket is charged for one packet.</param>
/// <param name="Fastest">Nanoseconds for a packet in the fastest slice.</param>
/// <param name="Median">Nanoseconds for a packet in the median slice.</param>
internal sealed record PagesOrFragmentsRow(
    int PageSize, bool FullPages, int Pages, long PinnedBytes, int ChargedBytes, double Fastest, double Median)
{
    /// <summary>Packets in a second at the pace of the fastest slice.</summary>
    public double PacketsPerSecond => 1e9 / Fastest;
}

/// <summary>
/// What the patch of 2025 is for: a page for each buffer, as before it, against fragments, with the payload written by the device and
/// copied out by the reader. Slices of all queues in turn, as <see cref="Interleaved"/> does.
/// </summary>
internal static class PagesOrFragments
{
    private const int Rounds = 2000;
    private const int BatchesPerSlice = 16;
    private const double Million = 1e6;
    private const double Kibi = 1024;
    private const double BarWidth = 3;

    private static readonly int[] PageSizes = [4096, 16384, 65536];
    private static readonly bool[] Layouts = [true, false];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Measures, writes a table, and files into a folder: the rows as JSON and two pictures.</summary>
    public static void Run(TextWriter output, string folder)
    {
        var rows = Measure();
        output.WriteLine("| pages | buffers | pages in use | pinned | charged for a packet | fastest | median | packets a second |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            output.WriteLine($"| {row.PageSize / Kibi:F0} KiB | {(row.FullPages ? "full pages" : "fragments")} | {row.Pages} | {row.PinnedBytes / (Kibi * Kibi):F1} MiB "
                + $"| {row.ChargedBytes} B | {row.Fastest:F0} ns | {row.Median:F0} ns | {row.PacketsPerSecond / Million:F2} M |");
        }

        foreach (int pageSize in PageSizes)
        {
            var full = rows.Single(row => row.PageSize == pageSize && row.FullPages);
            var cut = rows.Single(row => row.PageSize == pageSize && !row.FullPages);
            output.WriteLine($"{pageSize / Kibi:F0} KiB: fragments make {(full.Fastest / cut.Fastest) - 1:+0 %;-0 %} packets (median {(full.Median / cut.Median) - 1:+0 %;-0 %}) "
                + $"of {(double)cut.PinnedBytes / full.PinnedBytes:P0} of the memory");
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "pages-or-fragments.json"), JsonSerializer.Serialize(rows, Indented) + "\n");
        File.WriteAllText(Path.Combine(folder, "pages-or-fragments-speed.svg"),
            Picture("Millions of packets a second: full pages and fragments", rows, row => row.PacketsPerSecond / Million));
        File.WriteAllText(Path.Combine(folder, "pages-or-fragments-memory.svg"),
            Picture("MiB of pages that one queue keeps: full pages and fragments", rows, row => row.PinnedBytes / (Kibi * Kibi)));
    }

    private static List<PagesOrFragmentsRow> Measure()
    {
        var contenders = (from pageSize in PageSizes from fullPages in Layouts select (PageSize: pageSize, FullPages: fullPages)).ToList();
        var queues = contenders.ConvertAll(contender => new ManaPayloadQueue(contender.PageSize, contender.FullPages));
        var times = contenders.ConvertAll(_ => new double[Rounds]);
        for (int round = 0; round < Rounds; round++)
        {
            for (int place = 0; place < queues.Count; place++)
            {
                times[place][round] = Slice(queues[place]);
            }
        }

        var rows = contenders.Select((contender, place) =>
        {
            Array.Sort(times[place]);
            var queue = queues[place];
            return new PagesOrFragmentsRow(
                contender.PageSize, contender.FullPages, queue.Pages, queue.PinnedBytes, queue.Charged, times[place][0], times[place][Rounds / 2]);
        }).ToList();
        queues.ForEach(queue => queue.Dispose());
        return rows;
    }

    /// <summary>Nanoseconds for a packet. One round through the ring is not timed: the slices of the others had the processor's caches.</summary>
    private static double Slice(ManaPayloadQueue queue)
    {
        Batches(queue, BatchesPerSlice / 2);
        long start = Stopwatch.GetTimestamp();
        Batches(queue, BatchesPerSlice);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / (BatchesPerSlice * ReceiveBenchmark.Packets);
    }

    private static void Batches(ManaPayloadQueue queue, int batches)
    {
        for (int batch = 0; batch < batches; batch++)
        {
            queue.Batch();
        }
    }

    /// <summary>Bars on both sides of each page size, drawn as the outline that a step line has.</summary>
    private static string Picture(string title, List<PagesOrFragmentsRow> rows, Func<PagesOrFragmentsRow, double> height) =>
        LineChart.Svg(title, "KiB of a page; left full pages, right fragments",
        [
            new Series("full pages", Bars(rows.Where(row => row.FullPages), height, -BarWidth)),
            new Series("fragments", Bars(rows.Where(row => !row.FullPages), height, 0)),
        ]);

    private static List<(double X, double Y)> Bars(IEnumerable<PagesOrFragmentsRow> rows, Func<PagesOrFragmentsRow, double> height, double shift) =>
    [
        (0, 0),
        .. rows.SelectMany(row => new[] { ((row.PageSize / Kibi) + shift, height(row)), ((row.PageSize / Kibi) + shift + BarWidth, 0.0) }),
    ];
}
