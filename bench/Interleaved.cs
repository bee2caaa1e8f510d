using System.Diagnostics;
using RxVerify.Properties.Dqo;

namespace RxVerify.Benchmarks;

/// <summary>
/// The measurement for a machine that is not alone: short slices of each contender in turn, so that what disturbs one disturbs
/// the others too. The fastest slice tells what the code costs, the median what it costs beside the neighbours of that hour.
/// </summary>
internal static class Interleaved
{
    private const int ReceiveRounds = 3000;
    private const int BatchesPerSlice = 128;
    private const int LockstepRounds = 300;
    private const int ShrinkRounds = 5;
    private const int RecordingRounds = 20;

    /// <summary>Measures and writes a table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="only">What the measurements begin with that are asked for, such as <c>mana, lockstep</c>; nothing for all.</param>
    public static void Run(TextWriter output, string only)
    {
        output.WriteLine("| what | fastest | tenth | median | unit |");
        output.WriteLine("|---|---|---|---|---|");
        var measurements = new List<(string Name, Action<string> Measure)>
        {
            ("dqo, receive", name => Receive(output, name, new DqoReceiveBenchmark())),
            ("mana, receive, let go on the pool's processor", name => Receive(output, name, new ManaReceiveBenchmark { IsLocal = true })),
            ("mana, receive, let go elsewhere", name => Receive(output, name, new ManaReceiveBenchmark())),
        };
        foreach (string scheme in RecordedRun.Schemes)
        {
            measurements.Add(($"{scheme}, lockstep, claims", name => Lockstep(output, name, scheme, withModel: false)));
            measurements.Add(($"{scheme}, lockstep, claims and model", name => Lockstep(output, name, scheme, withModel: true)));
        }

        measurements.Add(("shrink", _ => Shrink(output)));
        measurements.Add(("recording", _ => Recording(output)));
        foreach (var (name, measure) in measurements.Where(one => one.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            measure(name);
        }
    }

    private static void Receive(TextWriter output, string name, ReceiveBenchmark benchmark)
    {
        using var managed = benchmark.NewManaged();
        var slices = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        using var native = NativeCode.IsBuilt ? benchmark.NewNative(hasLedgers: true) : null;
        using var plain = NativeCode.IsBuilt ? benchmark.NewNative(hasLedgers: false) : null;
        long allocated = 0;
        for (int round = 0; round < ReceiveRounds; round++)
        {
            allocated += Slice(slices, $"{name}, C#", managed);
            if (native is not null && plain is not null)
            {
                Slice(slices, $"{name}, C, same work", native);
                Slice(slices, $"{name}, C, without ledgers", plain);
            }
        }

        foreach (var (contender, times) in slices)
        {
            Write(output, contender, times, "ns a packet", decimals: 1);
        }

        Write(output, $"{name}, C#, allocated", [(double)allocated / ((long)ReceiveRounds * BatchesPerSlice * ReceiveBenchmark.Packets)], "B a packet", decimals: 1);
    }

    /// <summary>One slice of a contender; returns bytes that were allocated meanwhile.</summary>
    private static long Slice(Dictionary<string, List<double>> slices, string name, IReceiveQueue queue)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int n = 0; n < BatchesPerSlice; n++)
        {
            queue.Batch(ReceiveBenchmark.Packets, ReceiveBenchmark.Size);
        }

        double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (BatchesPerSlice * ReceiveBenchmark.Packets);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (!slices.TryGetValue(name, out var times))
        {
            slices[name] = times = [];
        }

        times.Add(time);
        return allocated;
    }

    private static void Lockstep(TextWriter output, string name, string scheme, bool withModel)
    {
        using var run = RecordedRun.Of(scheme, withModel);
        var times = new double[RecordedRun.Sequences][];
        for (int sequence = 0; sequence < times.Length; sequence++)
        {
            times[sequence] = new double[LockstepRounds];
        }

        for (int round = 0; round < LockstepRounds; round++)
        {
            for (int sequence = 0; sequence < RecordedRun.Sequences; sequence++)
            {
                long start = Stopwatch.GetTimestamp();
                int operations = run.Replay(sequence);
                times[sequence][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
            }
        }

        // Sequences differ, so each is ranked among its own repetitions.
        foreach (double[] own in times)
        {
            Array.Sort(own);
        }

        var ranked = Enumerable.Range(0, LockstepRounds).Select(rank => times.Average(own => own[rank])).ToList();
        Write(output, name, ranked, "ns an operation", decimals: 0);
    }

    private static void Shrink(TextWriter output)
    {
        foreach (string name in ShrinkBenchmark.Defects)
        {
            var found = ShrinkBenchmark.FailureOf(DqoDefects.Named(name)!);
            var times = new List<double>();
            int steps = 0;
            for (int round = 0; round < ShrinkRounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                steps = found.Shrink().Length;
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            Write(output, $"shrink {name}, {found.Failure!.Operations.Length} to {steps} steps", times, "ms", decimals: 0);
        }
    }

    private static void Recording(TextWriter output)
    {
        byte[] recording = RecordingBenchmark.Recording();
        var times = new List<double>();
        for (int round = 0; round < RecordingRounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            long events = RecordingBenchmark.Read(recording);
            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / events);
        }

        Write(output, $"recording, {recording.Length / (double)RecordingBenchmark.Events:F0} bytes an event", times, "ns an event", decimals: 0);
    }

    private static void Write(TextWriter output, string name, List<double> times, string unit, int decimals)
    {
        times.Sort();
        string Text(int rank) => times[rank].ToString($"F{decimals}");
        output.WriteLine($"| {name} | {Text(0)} | {Text(times.Count / 10)} | {Text(times.Count / 2)} | {unit} |");
    }
}
