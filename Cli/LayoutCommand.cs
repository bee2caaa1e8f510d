using System.CommandLine;
using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Cli;

/// <summary>The verb layout: how the receive buffers of a MANA port lie in memory.</summary>
internal static class LayoutCommand
{
    private static readonly ManaLayoutRequest Usual = new();

    public static Command Create(Screen screen)
    {
        var mtu = Value("--mtu", $"Bytes of the largest packet ({Usual.Mtu})");
        var pageSize = Value("--page-size", $"Bytes of a page: 4096, 16384 or 65536 ({Usual.PageSize})");
        var program = new Option<bool>("--xdp") { Description = "The port has an XDP program" };
        var queueSize = Value("--queue-size", $"Buffers of a queue ({Usual.QueueSize})");
        var alignment = Value("--alignment", $"Cache alignment for DMA: 1, or 128 on older arm64 kernels ({Usual.CacheAlignment})");
        var json = Values.Output("--json", "Also write the layout as JSON");
        var command = new Command("layout", "Shows how the receive buffers of a MANA port lie in memory.") { mtu, pageSize, program, queueSize, alignment, json };
        command.SetAction((parsed, _) =>
        {
            var request = new ManaLayoutRequest
            {
                Mtu = Number(parsed, mtu, Usual.Mtu),
                PageSize = Number(parsed, pageSize, Usual.PageSize),
                HasProgram = parsed.GetValue(program),
                QueueSize = Number(parsed, queueSize, Usual.QueueSize),
                CacheAlignment = Number(parsed, alignment, Usual.CacheAlignment),
            };
            return Task.FromResult(Run(screen, request, parsed.GetValue(json)));
        });
        return command;
    }

    private static int Run(Screen screen, ManaLayoutRequest request, string? jsonPath)
    {
        var json = OutputFile.At(jsonPath, "--json");
        if ((request.Fault() ?? ManaLayouts.Of(request).Reason) is { } problem)
        {
            throw new BadInputException(problem);
        }

        var facts = LayoutFacts.Of(request);
        screen.Line($"MTU {request.Mtu} on pages of {request.PageSize} bytes, {(request.HasProgram ? "an" : "no")} XDP program, {Words.Count(request.QueueSize, "buffer")}: "
            + (facts.Fragments > 1 ? "several buffers share a page, which the pool maps" : "each buffer has an allocation for itself, which the driver maps"));
        screen.Table([new("layout", IsWhole: true), new("value", IsNumber: true), new("meaning")], Rows(request, facts));
        json?.Write(Json.Of(facts));
        return ExitCode.Held;
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ManaLayoutRequest request, LayoutFacts facts) =>
    [
        ["data size", Words.Count(facts.DataSize), "bytes that the device may write: the MTU and the Ethernet header"],
        ["alloc size", Words.Count(facts.AllocSize), "bytes charged for a buffer (truesize)"
            + (facts.AllocSize == facts.PublishedAllocSize ? "" : $"; {Words.Count(facts.PublishedAllocSize)} before f73896b4197e, less than are held")],
        ["headroom", Words.Count(facts.Headroom), "bytes before the packet, for a program"],
        ["fragments", Words.Count(facts.Fragments), "buffers expected to fit a page (frag_count)"],
        ["fragments that fit", Words.Count(facts.FragmentsThatFit), facts.Fragments > 1
            ? $"buffers that the pool cuts from a page, {Words.Count(facts.FragmentBytes)} bytes each with a cache alignment of {request.CacheAlignment}"
            : "buffers in an allocation"],
        ["pool size", Words.Count(facts.PoolSize), "pages that the pool's ring has room for"],
        ["order", Words.Count(facts.Order), $"{Words.Count(facts.AllocatedBytes)} bytes in each allocation of the pool"],
        ["unused", Words.Count(facts.UnusedBytes), "bytes of an allocation that no buffer has a use for"],
    ];

    private static int Number(ParseResult parsed, Option<long?> option, int otherwise) => (int)(parsed.GetValue(option) ?? otherwise);

    private static Option<long?> Value(string name, string description) => Values.Number(name, description, 0, int.MaxValue);

    /// <summary>The JSON: what was asked and what follows from it.</summary>
    private sealed record LayoutFacts(
        int Mtu, int PageSize, bool HasProgram, int QueueSize, int CacheAlignment, int DataSize, int AllocSize, int PublishedAllocSize, int Headroom,
        int Fragments, int FragmentsThatFit, int FragmentBytes, int PoolSize, int Order, int AllocatedBytes, int UnusedBytes)
    {
        public static LayoutFacts Of(ManaLayoutRequest request)
        {
            var layout = ManaLayouts.Of(request).Layout;
            var published = ManaLayouts.AsPublished(request).Layout;
            int allocated = ManaLayouts.AllocatedBytes(layout, request.PageSize);
            int fragment = layout.IsFragmented ? ManaLayouts.FragmentBytes(layout, request.CacheAlignment) : allocated;

            // What a buffer needs, not what is charged for it: the rest of an allocation with one buffer is of no use to any.
            int used = layout.IsFragmented ? layout.FragmentsThatFit * fragment : published.AllocSize;
            return new LayoutFacts(
                request.Mtu, request.PageSize, request.HasProgram, request.QueueSize, request.CacheAlignment, layout.DataSize, layout.AllocSize,
                published.AllocSize, layout.Headroom, layout.Fragments, layout.FragmentsThatFit, fragment, layout.PoolSize, layout.Order, allocated, allocated - used);
        }
    }
}
