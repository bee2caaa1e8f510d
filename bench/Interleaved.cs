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

    /// <summary>Measures everything and writes a table.</summary>
    public static void Run(TextWriter output)
    {
        output.WriteLine("| what | fastest | tenth | median | unit |");
        output.WriteLine("|---|---|---|---|---|");
        Receive(output);
        Lockstep(output, withModel: false);
        Lockstep(output, withModel: true);
        Shrink(output);
    }

    private static void Receive(TextWriter output)
    {
        using var managed = new ManagedQueue(Yardstick.Production, Yardstick.Skbs);
        var slices = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        if (NativeQueue.IsBuilt)
        {
            using var native = new NativeQueue(Yardstick.Production, Yardstick.Skbs, hasLedgers: true);
            using var plain = new NativeQueue(Yardstick.Production, Yardstick.Skbs, hasLedgers: false);
            for (int round = 0; round < ReceiveRounds; round++)
            {
                Slice(slices, "receive, C#", managed.Batch);
                Slice(slices, "receive, C, same work", native.Batch);
                Slice(slices, "receive, C, without ledgers", plain.Batch);
            }
        }
        else
        {
            for (int round = 0; round < ReceiveRounds; round++)
            {
                Slice(slices, "receive, C#", managed.Batch);
            }
        }

        foreach (var (name, times) in slices)
        {
            Write(output, name, times, "ns a packet", decimals: 1);
        }
    }

    private static void Slice(Dictionary<string, List<double>> slices, string name, Func<int, int, int> batch)
    {
        long start = Stopwatch.GetTimestamp();
        for (int n = 0; n < BatchesPerSlice; n++)
        {
            batch(DqoReceiveBenchmark.Packets, DqoReceiveBenchmark.Size);
        }

        double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (BatchesPerSlice * DqoReceiveBenchmark.Packets);
        if (!slices.TryGetValue(name, out var times))
        {
            slices[name] = times = [];
        }

        times.Add(time);
    }

    private static void Lockstep(TextWriter output, bool withModel)
    {
        using var run = new RecordedRun(withModel);
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
        Write(output, withModel ? "lockstep, claims and model" : "lockstep, claims", ranked, "ns an operation", decimals: 0);
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

    private static void Write(TextWriter output, string name, List<double> times, string unit, int decimals)
    {
        times.Sort();
        string Text(int rank) => times[rank].ToString($"F{decimals}");
        output.WriteLine($"| {name} | {Text(0)} | {Text(times.Count / 10)} | {Text(times.Count / 2)} | {unit} |");
    }
}
