using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Mana;

/// <summary>One row of table B.2.1 in docs/facts/mana.md: what was asked, and the row as it stands there.</summary>
internal sealed record LayoutTable(ManaLayoutRequest Request, string PageName, string Text)
{
    private const string Facts = "docs/facts/mana.md";
    private const string Title = "### B.2.1 Table";
    private static readonly string[] Table =
        [.. SourceTree.Lines(Facts).SkipWhile(line => !line.StartsWith(Title, StringComparison.Ordinal)).SkipWhile(line => line is not ['|', ..]).TakeWhile(line => line is ['|', ..])];

    /// <summary>The heading of the table.</summary>
    public static string Heading => Table[0];

    /// <summary>Its rows; the line below the heading is none.</summary>
    public static IReadOnlyList<LayoutTable> Rows { get; } = [.. Table.Skip(2).Select(Of)];

    /// <summary>The row as the model computes it.</summary>
    public string Computed()
    {
        string asked = $"| {PageName} | {Request.Mtu} | {(Request.HasProgram ? "on" : "off")} | ";
        var answer = ManaLayouts.Of(Request);
        if (answer.IsRefused)
        {
            return $"{asked}refused, -EOPNOTSUPP (limit {answer.MtuMax}) | | | | | | | |";
        }

        var (published, now) = (ManaLayouts.AsPublished(Request).Layout, answer.Layout);
        return $"{asked}{now.DataSize} | {published.AllocSize} | {now.AllocSize} | {now.Headroom} | {now.Fragments} | {now.Order} | {now.PoolSize} | "
            + $"{ManaLayouts.UnusedBytes(published, Request.PageSize)} |";
    }

    private static LayoutTable Of(string row)
    {
        string[] cells = [.. row.Split('|').Select(cell => cell.Trim())];
        var request = new ManaLayoutRequest
        {
            PageSize = int.Parse(cells[1].TrimEnd('K')) * 1024,
            Mtu = int.Parse(cells[2]),
            HasProgram = cells[3] == "on",
        };
        return new LayoutTable(request, cells[1], row);
    }
}
