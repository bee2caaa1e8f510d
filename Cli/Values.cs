using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using RxVerify.Model.Dqo;
using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>Options whose errors say which option, what was given and what was expected.</summary>
internal static class Values
{
    /// <summary>How help names a file, and the name of each argument that is one to read.</summary>
    public const string File = "FILE";

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>An option with a whole number; null when it is not given.</summary>
    public static Option<long?> Number(string name, string description, long from, long to) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parsed(
            result, $"a whole number from {from} to {to}",
            long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= from && value <= to ? value : (long?)null),
    };

    /// <summary>An option with a 64-bit seed; null when it is not given.</summary>
    public static Option<ulong?> Seed(string description) => new("--seed")
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parsed(
            result, "a whole number from 0 to 18446744073709551615",
            ulong.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : (ulong?)null),
    };

    /// <summary>A seed where none was given.</summary>
    public static ulong FreshSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>An option with a share from 0 to 1; null when it is not given.</summary>
    public static Option<double?> Share(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "P",
        CustomParser = result => Parsed(
            result, "a number from 0 to 1, such as 0.01",
            double.TryParse(Text(result), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= 1 ? value : (double?)null),
    };

    /// <summary>An option with a duration such as 60s; null when it is not given.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Parsed(result, "a time such as 500ms, 60s, 10m or 1h", Duration(Text(result))),
    };

    /// <summary>An option with the name or catalogue id of one of these planted mistakes.</summary>
    public static Option<TDefect?> Defect<TDefect>(IReadOnlyList<TDefect> all)
        where TDefect : Defect => Defect(_ => all, _ => "");

    /// <summary>An option with the name or catalogue id of a planted mistake, where other options decide which there are.</summary>
    /// <param name="all">The mistakes there are.</param>
    /// <param name="whose">What to say of them in an error.</param>
    public static Option<TDefect?> Defect<TDefect>(Func<ArgumentResult, IReadOnlyList<TDefect>> all, Func<ArgumentResult, string> whose)
        where TDefect : Defect => new("--defect")
        {
            Description = "Plant a mistake: a name or id of the verb defects",
            HelpName = "NAME",
            CustomParser = result =>
            {
                var called = Properties.Defect.Called(all(result), Text(result));
                if (called.Count == 0)
                {
                    result.AddError($"--defect is '{Text(result)}'; expected a name or id that the verb defects lists{whose(result)}");
                }
                else if (called.Count > 1)
                {
                    result.AddError($"--defect is '{Text(result)}', the id of {called.Count} mistakes; expected one of their names: {string.Join(", ", called)}");
                }

                return called is [var one] ? one : null;
            },
        };

    /// <summary>An option with the constants of a core.</summary>
    public static Option<DqoCoreConfiguration?> Core(string usual) => new("--core")
    {
        Description = $"Buffer states, chunks a page, most posted, most references, probes, bias limit, clones 0 or 1 (\"{usual}\")",
        HelpName = "P S R K T B C",
        CustomParser = result =>
        {
            try
            {
                return DqoCoreConfiguration.Parse(Text(result));
            }
            catch (FormatException problem)
            {
                result.AddError($"--core {problem.Message}");
                return null;
            }
        },
    };

    /// <summary>An option with a file to write.</summary>
    public static OutputOption Output(string name, string description) => new(name) { Description = description, HelpName = File };

    /// <summary>An option with a folder to write into.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="usual">The folder when none is given, or null for none.</param>
    /// <param name="holds">A file whose name in it is fixed, or null for none.</param>
    public static OutputOption Folder(string name, string description, string? usual = null, string? holds = null) =>
        new(name) { Description = description, HelpName = "DIR", IsFolder = true, Usual = usual, Holds = holds };

    private static T? Parsed<T>(ArgumentResult result, string expected, T? value)
        where T : struct
    {
        if (value is null)
        {
            string name = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
            result.AddError($"{name} is '{Text(result)}'; expected {expected}");
        }

        return value;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";

    private static TimeSpan? Duration(string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                && value * seconds is > 0 and <= 7 * 24 * 3600)
            {
                return TimeSpan.FromSeconds(value * seconds);
            }
        }

        return null;
    }
}
