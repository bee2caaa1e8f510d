using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RxVerify.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release --project bench</c>: every benchmark; with arguments, those that BenchmarkSwitcher takes from them
/// (<c>--filter '*Receive*'</c>, <c>--list flat</c>); with the word <c>interleaved</c>, the measurement for a shared machine; with the word <c>pages-or-fragments</c> and perhaps a folder,
/// what the patch of 2025 brings.
/// </summary>
internal static class Program
{
    private const int Failed = 1;

    private static int Main(string[] arguments)
    {
        if (arguments is ["pages-or-fragments", ..])
        {
            PagesOrFragments.Run(Console.Out, arguments.Length > 1 ? arguments[1] : Path.Combine("artifacts", "bench"));
            return 0;
        }

        string? missing = NativeCode.Build();
        Console.WriteLine(missing is null
            ? $"C and C# end in the same state.\nDQO: {DqoYardstick.Check()}\nMANA: {ManaYardstick.Check()}"
            : $"The C baseline is skipped: {missing}");
        if (arguments is ["interleaved", ..])
        {
            Interleaved.Run(Console.Out, arguments.Length > 1 ? arguments[1] : "");
            return 0;
        }

        var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, Configuration(missing is null))
            .ToList();
        bool isListing = arguments.Any(argument => argument is "--list" or "--help" or "--info" or "--version");
        return isListing || (summaries.Count > 0 && summaries.TrueForAll(summary =>
            !summary.HasCriticalValidationErrors && summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)))
            ? 0
            : Failed;
    }

    private static ManualConfig Configuration(bool hasNative)
    {
        // In this process: a generated project would have to find the stand-ins, the lock files and the C library again.
        var configuration = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min, StatisticColumn.OperationsPerSecond)
            .AddExporter(JsonExporter.Brief)
            .WithArtifactsPath(Path.Combine("artifacts", "bench"));
        return hasNative ? configuration : configuration.AddFilter(new SimpleFilter(benchmark => !benchmark.Descriptor.HasCategory(NativeCode.Category)));
    }
}
