using System.CommandLine;
using RxVerify.Properties;

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
        foreach (var scheme in Schemes.All)
        {
            Show(screen, scheme);
        }

        json?.Write(Json.Of(Schemes.All.SelectMany(scheme => scheme.Defects.Select(defect => DefectFacts.Of(scheme, defect)))));
        return ExitCode.Held;
    }

    private static void Show(Screen screen, Scheme scheme)
    {
        screen.Line($"{scheme.Name}: {scheme.Title}");
        screen.Table(
            [new("id"), new("name", IsWhole: true), new("mistake"), new("breaks", IsWhole: true), new("history")],
            scheme.Defects.Select(defect => (IReadOnlyList<string>)
                [defect.Ids, defect.Name, defect.Mistake, defect.Breaks?.Id ?? "nothing", defect.History]));
        screen.Line("The claims they break:");
        foreach (var claim in scheme.Claims.Where(claim => scheme.Defects.Any(defect => defect.Breaks == claim)))
        {
            screen.Line($"  {claim.Id,-9} {claim.Sentence} Otherwise {claim.Harm}.");
        }

        screen.Line();
    }

    /// <summary>One row of the JSON.</summary>
    private sealed record DefectFacts(string Scheme, IReadOnlyList<string> Ids, string Name, string Mistake, string? Claim, string? Sentence, string? Harm, string History)
    {
        public static DefectFacts Of(Scheme scheme, Defect defect) => new(
            scheme.Name, defect.Ids.Split(", "), defect.Name, defect.Mistake, defect.Breaks?.Id, defect.Breaks?.Sentence, defect.Breaks?.Harm, defect.History);
    }
}
