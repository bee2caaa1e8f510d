using System.CommandLine;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>The verb defects: the catalogue of planted mistakes.</summary>
internal static class DefectsCommand
{
    public static Command Create(Screen screen)
    {
        var json = Values.Output("--json", "Also write the catalogue as JSON");
        var command = new Command("defects", "Lists the planted mistakes, the claim that each breaks, and where it comes from.") { json };
        command.SetAction((parsed, _) => Task.FromResult(Run(screen, parsed.GetValue(json))));
        return command;
    }

    private static int Run(Screen screen, string? jsonPath)
    {
        var json = OutputFile.At(jsonPath, "--json");
        screen.Table(
            [new("id"), new("name", IsWhole: true), new("mistake"), new("breaks", IsWhole: true), new("history")],
            DqoDefects.All.Select(defect => (IReadOnlyList<string>)
                [defect.Ids, defect.Name, defect.Mistake, defect.Breaks?.Id ?? "nothing", defect.History]));
        screen.Line("The claims they break:");
        foreach (var claim in DqoClaims.All.Where(claim => DqoDefects.All.Any(defect => defect.Breaks == claim)))
        {
            screen.Line($"  {claim.Id,-9} {claim.Sentence} Otherwise {claim.Harm}.");
        }

        json?.Write(Json.Of(DqoDefects.All.Select(DefectFacts.Of)));
        return ExitCode.Held;
    }

    /// <summary>One row of the JSON.</summary>
    private sealed record DefectFacts(IReadOnlyList<string> Ids, string Name, string Mistake, string? Claim, string? Sentence, string? Harm, string History)
    {
        public static DefectFacts Of(DqoDefect defect) => new(
            defect.Ids.Split(", "), defect.Name, defect.Mistake, defect.Breaks?.Id, defect.Breaks?.Sentence, defect.Breaks?.Harm, defect.History);
    }
}
