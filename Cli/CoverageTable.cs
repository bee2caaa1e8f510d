using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>What happened in a run, and what never did.</summary>
internal static class CoverageTable
{
    /// <summary>Fewer operations than this are too few to hold it against a run that a row stayed at zero.</summary>
    public const long JudgedFrom = 1_000_000;

    /// <summary>Shows coverages side by side: a column each, a row for each operation with its outcome and each landmark.</summary>
    public static void Show(Screen screen, params IReadOnlyList<(string Name, Coverage Coverage)> columns)
    {
        var names = new List<(string Name, bool IsLandmark)>();
        foreach (var row in columns.SelectMany(column => column.Coverage.Rows))
        {
            if (!names.Contains((row.Name, row.IsLandmark)))
            {
                names.Add((row.Name, row.IsLandmark));
            }
        }

        screen.Table(
            [new("what happened"), .. columns.Select(column => new Column(column.Name, IsNumber: true))],
            names.OrderBy(row => row.IsLandmark).Select(row => (IReadOnlyList<string>)
                [$"{(row.IsLandmark ? "landmark: " : "")}{row.Name}", .. columns.Select(column => Cell(column.Coverage, row.Name))]));
    }

    /// <summary>Rows that stayed at zero.</summary>
    public static IReadOnlyList<string> Never(Coverage coverage) => [.. coverage.Rows.Where(row => row.Count == 0).Select(row => row.Name)];

    /// <summary>Names the rows that stayed at zero. True when that is held against the run.</summary>
    public static bool Judge(Screen screen, string name, Coverage coverage)
    {
        bool isJudged = coverage.Operations >= JudgedFrom;
        foreach (string row in Never(coverage))
        {
            screen.Line($"never, {name}: {row}{(isJudged ? "" : $" (not held against fewer than {Words.Count(JudgedFrom)} operations)")}");
        }

        return isJudged && Never(coverage).Count > 0;
    }

    private static string Cell(Coverage coverage, string name)
    {
        foreach (var row in coverage.Rows)
        {
            if (row.Name == name)
            {
                return row.Count == 0 ? "!never" : Words.Count(row.Count);
            }
        }

        return "";
    }
}
