using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using RxVerify.Properties;
using RxVerify.Properties.Recordings;

namespace RxVerify.Benchmarks;

/// <summary>One event of a recording, from its bytes to the claims: eight pools that hold a thousand pages each and always change some.</summary>
public class RecordingBenchmark
{
    /// <summary>Events in the recording, in memory so that no disk is measured.</summary>
    internal const int Events = 500_000;

    private const int Pools = 8;
    private const int Batch = 64;
    private const int HeldMax = 1024;

    private byte[] _recording = [];

    [GlobalSetup]
    public void Create() => _recording = Recording();

    [Benchmark(OperationsPerInvoke = Events, Description = "recording, read and held against the law")]
    public long Read() => Read(_recording);

    /// <summary>Reads a recording; returns its events.</summary>
    /// <exception cref="InvalidOperationException">A claim broke, or an event was not read.</exception>
    internal static long Read(byte[] recording)
    {
        using var stream = new MemoryStream(recording, writable: false);
        var report = RecordingReader.Read(stream, "bench", isLive: false);
        return !report.IsBroken && report.EventCount == Events
            ? report.EventCount
            : throw new InvalidOperationException($"{report.EventCount} of {Events} events; broken: {report.IsBroken}");
    }

    /// <summary>Text as tracefs of 6.12 prints it: pages come in by 64, and leave in any order on another processor.</summary>
    internal static byte[] Recording()
    {
        var text = new StringBuilder();
        var dice = new Dice(1);
        var free = new Stack<int>(Enumerable.Range(0x10_0000, Pools * (HeldMax + Batch)));
        var held = new List<int>[Pools];
        var counts = new (uint Hold, uint Release)[Pools];
        for (int pool = 0; pool < Pools; pool++)
        {
            held[pool] = [];
        }

        for (int events = 0; events < Events;)
        {
            int pool = dice.Below(Pools);
            for (int page = 0; page < Batch && events < Events; page++)
            {
                held[pool].Add(free.Pop());
                Line(text, events++, pool, held[pool][^1], "hold", ",", ++counts[pool].Hold);
            }

            while (held[pool].Count > HeldMax && events < Events)
            {
                int place = dice.Below(held[pool].Count);
                (held[pool][place], held[pool][^1]) = (held[pool][^1], held[pool][place]);
                free.Push(held[pool][^1]);
                held[pool].RemoveAt(held[pool].Count - 1);
                Line(text, events++, pool, free.Peek(), "release", "", ++counts[pool].Release);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Line(StringBuilder text, int time, int pool, int page, string kind, string comma, uint count) => text.Append(
        CultureInfo.InvariantCulture,
        $"          iperf3-9914    [{pool % 4:000}] ..s1.  {1242 + (time / 1_000_000)}.{time % 1_000_000:000000}: page_pool_state_{kind}: page_pool={0x33d0_829cL + pool:x16} netmem={(uint)(page * 2_654_435_761L):x16} is_net_iov=0{comma} pfn=0x{page:x} {kind}={count}\n");
}
