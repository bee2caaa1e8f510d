using System.Globalization;
using System.Reflection;
using Microsoft.FSharp.Core;

namespace FsCheck.Xunit;

/// <summary>The settings of one attribute (null: not set) and how those of method, class and assembly become one configuration.</summary>
internal sealed class PropertySettings
{
    public int? MaxTest { get; set; }

    public int? MaxRejected { get; set; }

    public int? StartSize { get; set; }

    public int? EndSize { get; set; }

    public bool? Verbose { get; set; }

    public bool? QuietOnSuccess { get; set; }

    public int? Parallelism { get; set; }

    /// <summary>The configuration of one property.</summary>
    public static Config ConfigurationOf(MethodInfo method, Type testClass, IRunner runner, string name)
    {
        PropertyAttribute[] nearestFirst =
        [
            .. method.GetCustomAttributes<PropertyAttribute>(inherit: true),
            .. testClass.GetCustomAttributes<PropertiesAttribute>(inherit: true),
            .. testClass.Assembly.GetCustomAttributes<PropertiesAttribute>(),
        ];
        T? First<T>(Func<PropertySettings, T?> read) where T : struct =>
            nearestFirst.Select(attribute => read(attribute.Settings)).FirstOrDefault(value => value.HasValue);

        Config start = First(s => s.Verbose) == true ? Config.Verbose : Config.Quick;
        Config config = start
            .WithName(name)
            .WithRunner(runner)
            .WithMaxTest(First(s => s.MaxTest) ?? start.MaxTest)
            .WithMaxRejected(First(s => s.MaxRejected) ?? start.MaxRejected)
            .WithStartSize(First(s => s.StartSize) ?? start.StartSize)
            .WithEndSize(First(s => s.EndSize) ?? start.EndSize)
            .WithQuietOnSuccess(First(s => s.QuietOnSuccess) ?? start.QuietOnSuccess);

        // FsCheck lets the first of two generators for one type win, so the method's own come first.
        Type[] generators = [.. nearestFirst.SelectMany(attribute => attribute.Arbitrary)];
        if (generators.Length > 0)
        {
            config = config.WithArbitrary(generators);
        }

        if (First(s => s.Parallelism) is int threads and > 1)
        {
            config = config.WithParallelRunConfig(new ParallelRunConfig(threads));
        }

        string? replay = nearestFirst.Select(attribute => attribute.Replay).FirstOrDefault(text => text is not null);
        return replay is null ? config : config.WithReplay(FSharpOption<Replay>.Some(ParseReplay(replay)));
    }

    private static Replay ParseReplay(string text)
    {
        string[] parts = text.Trim().TrimStart('(').TrimEnd(')').Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length is 2 or 3
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong gamma))
        {
            if (parts.Length == 2)
            {
                return new Replay(new Rnd(seed, gamma), FSharpOption<int>.None);
            }

            if (int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            {
                return new Replay(new Rnd(seed, gamma), FSharpOption<int>.Some(size));
            }
        }

        throw new ArgumentException(
            $"Replay is \"{text}\"; it has to be \"seed,gamma\" or \"seed,gamma,size\" as a failing property prints it.", nameof(text));
    }
}
