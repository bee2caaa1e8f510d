using System.Globalization;
using RxVerify.Properties.Recordings;
using static RxVerify.Cli.Words;

namespace RxVerify.Cli;

/// <summary>What became of a recording, as lines.</summary>
internal static class RecordingText
{
    private const int LivesShown = 100;
    private const int PagesShown = 10;
    private static readonly int IdWidth = RecordingClaims.All.Max(claim => claim.Id.Length);

    /// <summary>The whole report.</summary>
    public static void Show(Screen screen, RecordingReport report)
    {
        var events = report.Events;
        screen.Pairs(
            ("recording", $"{report.Name}: {Count(report.Lines, "line")}, {Count(report.Bytes, "byte")}"),
            ("events", $"{Count(report.EventCount)} in {Seconds(report.Nanoseconds)}: {Count(events.Hold, "page")} came in, {Count(events.Release)} left, {Count(events.Look, "look")} at destroyed pools, {Count(events.Move, "move")}"),
            ("passed over", $"{Count(report.PassedOver, "line")}{(report.IsCut ? "; the last one has no end and was not used" : "")}"),
            ("lost", report.Losses == 0 ? "nothing that the recording knows of" : $"events in {Count(report.Losses, "place")}, {Count(report.LostEvents)} as far as counted"),
            ("verdict", Verdict(report)));
        if (report.Lives.Count == 0)
        {
            return;
        }

        Table(screen, report.Lives);
        foreach (var life in report.Lives.Take(LivesShown).Where(life => life.Verdicts.Any(verdict => verdict.State == ClaimState.Broken)))
        {
            Broken(screen, life);
        }

        Undecided(screen, report.Lives.Take(LivesShown));
        foreach (var life in report.Lives.Take(LivesShown))
        {
            Outside(screen, life);
        }
    }

    /// <summary>How a life of a pool ended, as far as the recording shows it.</summary>
    /// <param name="isOver">Whether its inflight=0 is in the recording.</param>
    /// <param name="isStalled">Whether its destruction was tried for as long as the kernel itself complains about.</param>
    /// <param name="inflight">Pages that the last look found, or null when the pool was not destroyed.</param>
    public static string End(bool isOver, bool isStalled, int? inflight) =>
        isOver ? "inflight=0" : isStalled ? "stalled" : inflight is { } left ? $"waits for {Count(left)}" : "alive";

    /// <summary>What it comes to.</summary>
    private static string Verdict(RecordingReport report)
    {
        var verdicts = report.Lives.SelectMany(life => life.Verdicts).ToList();
        int broken = verdicts.Count(verdict => verdict.State == ClaimState.Broken);
        int open = verdicts.Count(verdict => verdict.State == ClaimState.Undecided);
        string stopped = report.WasStopped ? "stopped; " : "";
        string of = $"of {Count(verdicts.Count, "verdict")}";
        return broken > 0 ? $"{stopped}BROKEN: {Count(broken)} {of}, {Count(open)} not decidable from here"
            : open > 0 ? $"{stopped}nothing broken; {Count(open)} {of} not decidable from here"
            : $"{stopped}every claim held, {Count(verdicts.Count, "verdict")}";
    }

    private static void Table(Screen screen, IReadOnlyList<LifeReport> lives)
    {
        screen.Table(
            [new("pool", IsWhole: true), new("life", IsNumber: true), new("from line", IsNumber: true), new("came in", IsNumber: true), new("left", IsNumber: true),
                new("peak", IsNumber: true), new("outside", IsNumber: true), new("end", IsWhole: true), new("held", IsNumber: true), new("broken"), new("open", IsNumber: true)],
            lives.Take(LivesShown).Select(Row));
        if (lives.Count > LivesShown)
        {
            screen.Line($"… and {Count(lives.Count - LivesShown, "pool life", "pool lives")} more; --json has all");
        }
    }

    private static IReadOnlyList<string> Row(LifeReport life)
    {
        int In(ClaimState state) => life.Verdicts.Count(verdict => verdict.State == state);
        var broken = life.Verdicts.Where(verdict => verdict.State == ClaimState.Broken).Select(verdict => verdict.Claim.Id).ToList();
        return
        [
            life.Pool, Count(life.Life), $"{Count(life.Lines.First)}{(life.IsWhole ? "" : " (joined)")}", Count(life.CameIn), Count(life.Left), Count(life.Peak),
            Count(life.Outside), End(life.IsOver, life.IsStalled, life.Inflight), Count(In(ClaimState.Held)), broken.Count == 0 ? "-" : $"!{string.Join(", ", broken)}", Count(In(ClaimState.Undecided)),
        ];
    }

    private static void Broken(Screen screen, LifeReport life)
    {
        foreach (var verdict in life.Verdicts.Where(verdict => verdict.State == ClaimState.Broken))
        {
            screen.Line();
            screen.Line($"{verdict.Claim.Id}: {verdict.Claim.Sentence}");
            screen.Line($"    Otherwise {verdict.Claim.Harm}.");
            string more = verdict.Times > 1 ? $" ({Count(verdict.Times)} times)" : "";
            screen.Line($"Broken by {NameOf(life)} in line {Count(verdict.Line)}: {verdict.Because}.{more}");
        }
    }

    /// <summary>What is not decidable, told once for all pools of which the same is to be said.</summary>
    private static void Undecided(Screen screen, IEnumerable<LifeReport> lives)
    {
        var same = lives.GroupBy(life => string.Join('\n', Open(life)), StringComparer.Ordinal).Where(group => group.Key.Length > 0);
        foreach (var group in same)
        {
            var all = group.ToList();
            string others = all.Count > 1 ? $", and {Count(all.Count - 1, "other life", "other lives")}" : "";
            screen.Line();
            screen.Line($"{NameOf(all[0])}{others}, not decidable from here:");
            foreach (string line in Open(all[0]))
            {
                screen.Line(line);
            }
        }
    }

    private static IEnumerable<string> Open(LifeReport life) => life.Verdicts
        .Where(verdict => verdict.State == ClaimState.Undecided)
        .Select(verdict => $"    {verdict.Claim.Id.PadRight(IdWidth)}  because {verdict.Because}");

    private static void Outside(Screen screen, LifeReport life)
    {
        if (life.WaitsFor.Count == 0)
        {
            return;
        }

        screen.Line();
        screen.Line($"{NameOf(life)} {(life.IsStalled && !life.IsOver ? "is stalled and " : "")}waits for {Count(life.Outside, "page")} that came in here:");
        foreach (var page in life.WaitsFor.Take(PagesShown))
        {
            string doubt = page.IsCertain ? "" : "; it may have left among lost events";
            screen.Line($"    page {page.Page}, hold={page.Hold}, came in {Seconds(page.AgoNanoseconds)} before the end in line {Count(page.Line)}, on processor {page.Processor}, task {page.Task}{doubt}");
        }

        if (life.Outside > PagesShown)
        {
            screen.Line($"    … and {Count(life.Outside - PagesShown)} more; --json has the first {Count(RecordingReport.PagesMax)}");
        }
    }

    private static string NameOf(LifeReport life) => $"pool {life.Pool}, life {life.Life}";

    private static string Seconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.######} s");
}
