using System.Text;
using RxVerify.Properties;
using RxVerify.Properties.Pictures;
using RxVerify.Properties.Recordings;

namespace RxVerify.Cli;

/// <summary>The first page of a report: every result, what happened on the way, every story, every picture.</summary>
internal sealed class ReportIndex(VerifyFacts facts, IReadOnlyList<ReportStory> stories, IReadOnlyList<ReportPicture> pictures)
{
    private readonly StringBuilder _body = new();

    /// <summary>The page. The same results give the same bytes.</summary>
    public string Html()
    {
        string verdict = !facts.Held ? "<span class=\"bad\">✗ Failed: see below</span>" : facts.WasStopped ? "Stopped; nothing had broken" : "✓ All held";
        _body.Append($"<header>\n<h1>RxVerify: the main job</h1>\n<p>{verdict}. Seed {facts.Seed}.</p>\n</header>\n<main>\n");
        AppendTable("Results", ["part", "what was done", "result"], facts.Parts.Select(part => (IEnumerable<string>)
            [Text(part.Name), Text(part.Done), part.Held ? $"✓ {Text(part.Result)}" : $"<span class=\"bad\">✗ {Text(part.Result)}</span>"]));
        AppendFailures();
        AppendDefects();
        AppendPictures();
        AppendRecordings();
        AppendLockstep();
        AppendExplorer();
        AppendPort();
        _body.Append("</main>\n");
        return HtmlPage.Of("RxVerify: the main job", _body.ToString());
    }

    private void AppendFailures()
    {
        var failures = stories.Where(story => !story.IsHunted).ToList();
        if (failures.Count > 0)
        {
            AppendTable("Claims that broke", ["scheme", "claim", "how it shows", "story"], failures.Select(story => (IEnumerable<string>)
                [Text(story.Story.Of.Name), Text(story.Story.Claim), Text(story.Story.Detail), Links(story)]));
        }
    }

    private void AppendPictures()
    {
        foreach (var section in pictures.GroupBy(picture => picture.Section, StringComparer.Ordinal))
        {
            _body.Append($"<section>\n<h2>{Text(section.Key)}</h2>\n");
            foreach (var picture in section)
            {
                _body.Append($"<h3>{Text(picture.Title)}</h3>\n<p>{HtmlPage.Image(picture.Svg, picture.Title)}</p>\n");
            }

            _body.Append("</section>\n");
        }
    }

    /// <summary>A table for each recording: a row for each life of a pool.</summary>
    private void AppendRecordings()
    {
        foreach (var recording in facts.Recordings)
        {
            string lost = recording.Losses == 0 ? "nothing lost" : $"events lost in {Words.Count(recording.Losses, "place")}";
            AppendTable(
                $"Recording {recording.Recording}: {Words.Count(recording.Events, "event")}, {lost}",
                ["pool", "life", "from line", "came in", "left", "peak", "outside", "end", "claims held", "broken", "undecided"],
                recording.Lives.Select(Row));
        }
    }

    private static IEnumerable<string> Row(LifeFact life) =>
    [
        Text(life.Pool), Words.Count(life.Life), $"{Words.Count(life.FirstLine)}{(life.IsWhole ? "" : " (joined)")}", Words.Count(life.CameIn), Words.Count(life.Left),
        Words.Count(life.Peak), Words.Count(life.Outside), RecordingText.End(life.IsOver, life.IsStalled, life.Inflight),
        Words.Count(life.Verdicts.Count(verdict => verdict.State == ClaimState.Held)), Told(life, ClaimState.Broken), Told(life, ClaimState.Undecided),
    ];

    /// <summary>How many claims are in this state, which, and why.</summary>
    private static string Told(LifeFact life, ClaimState state)
    {
        var verdicts = life.Verdicts.Where(verdict => verdict.State == state).ToList();
        string count = verdicts.Count > 0 && state == ClaimState.Broken ? $"<span class=\"bad\">✗ {verdicts.Count}</span>" : Words.Count(verdicts.Count);
        return string.Join("<br />", [count, .. verdicts.Select(verdict => Text($"{verdict.Claim}: {verdict.Because}"))]);
    }

    /// <summary>A table for each scheme: a column for each of its parts, landmarks last.</summary>
    private void AppendLockstep()
    {
        foreach (var scheme in facts.Lockstep.GroupBy(run => run.Scheme, StringComparer.Ordinal))
        {
            var runs = scheme.ToList();
            var names = runs.SelectMany(run => run.Coverage).Select(row => (row.IsLandmark, row.Name)).Distinct().OrderBy(row => row.IsLandmark).ToList();
            AppendTable(
                $"Lockstep, {scheme.Key}: what happened",
                ["operation and outcome, or landmark", .. runs.Select(run => run.Scope)],
                names.Select(row => (IEnumerable<string>)[Text($"{(row.IsLandmark ? "landmark: " : "")}{row.Name}"), .. runs.Select(run => Count(run, row.Name))]));
        }
    }

    private static string Count(LockstepFacts run, string name)
    {
        var rows = run.Coverage.Where(row => row.Name == name).ToList();
        return rows.Count == 0 ? "" : rows[0].Count == 0 ? "<strong>never</strong>" : Words.Count(rows[0].Count);
    }

    private void AppendExplorer() => AppendTable(
        "Explorer: every reachable state", ["constants", "driver", "states", "depth", "result"],
        facts.Explorer.Select(walk => (IEnumerable<string>)
            [Text(walk.Core), Text(walk.Defect ?? "right rules"), Words.Count(walk.States), Words.Count(walk.Depth),
                Text(walk.Problem is null ? walk.Exhaustive ? "no claim broke in any state" : "not exhaustive" : $"{walk.Problem}; {string.Join(", ", walk.Story)}")]));

    private void AppendPort()
    {
        if (facts.Port.Count > 0)
        {
            AppendTable(
                "Port: every request, every failure, every second failure",
                ["queues", "requests without a failure", "with one failure", "with two", "operations", "result"],
                facts.Port.Select(port => (IEnumerable<string>)
                [
                    Words.Count(port.Queues), Words.Count(port.Requests), Words.Count(port.OneFailure), Words.Count(port.TwoFailures), Words.Count(port.Operations),
                    port.Claim is not null ? $"<span class=\"bad\">✗ broken: {Text($"{port.Claim}: {port.Detail}")}</span>"
                        : port.WasStopped ? "stopped; nothing had broken" : "every claim held in every run, each step as in the model",
                ]));
        }
    }

    private void AppendDefects()
    {
        foreach (var scheme in Schemes.All)
        {
            var hunts = facts.Defects.Where(hunt => hunt.Scheme == scheme.Name).ToList();
            if (hunts.Count > 0)
            {
                AppendTable($"Planted mistakes, {scheme.Title}", ["mistake", "what it does", "claim it breaks", "result", "story"], hunts.Select(hunt => Row(scheme, hunt)));
            }
        }
    }

    private IEnumerable<string> Row(Scheme scheme, HuntFacts hunt)
    {
        var defect = Defect.Named(scheme.Defects, hunt.Name)!;
        var story = stories.FirstOrDefault(story => story.IsHunted && story.Story.Of.Name == scheme.Name && story.Story.Defect == hunt.Name);
        string done = defect.Breaks is null ? "survived" : "found";
        return
        [
            Text($"{hunt.Name} ({hunt.Ids})"), Text(defect.Mistake), Text(defect.Breaks?.ToString() ?? "none: harmless"),
            hunt.AsExpected ? $"✓ {done}" : $"<span class=\"bad\">✗ not {done}</span>", story is null ? "" : Links(story),
        ];
    }

    private static string Links(ReportStory story) =>
        $"<a href=\"{Text(story.Link)}.html\">{Words.Count(story.Story.Length, "step")}</a>, <a href=\"{Text(story.Link)}.svg\">still picture</a>";

    /// <summary>A table whose cells are markup and whose headings are text.</summary>
    private void AppendTable(string heading, IReadOnlyList<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        _body.Append($"<section>\n<h2>{Text(heading)}</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr>{string.Concat(columns.Select(column => $"<th scope=\"col\">{Text(column)}</th>"))}</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            _body.Append($"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>\n");
        }

        _body.Append("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private static string Text(string raw) => MarkupText.Of(raw);
}
