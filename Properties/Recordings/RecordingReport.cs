using RxVerify.Explorer;
using RxVerify.Properties.Traffic;

namespace RxVerify.Properties.Recordings;

/// <summary>What a recording says of one claim about one life of a pool.</summary>
public enum ClaimState
{
    /// <summary>Every event that the claim speaks of agrees with it.</summary>
    Held,

    /// <summary>An event contradicts it.</summary>
    Broken,

    /// <summary>It cannot be decided from this recording.</summary>
    Undecided,
}

/// <summary>The verdict on one claim about one life of a pool.</summary>
/// <param name="Claim">What should hold.</param>
/// <param name="State">What the recording says of it.</param>
/// <param name="Because">How it broke, or why it cannot be decided; null where it held.</param>
/// <param name="Line">The line that shows it, or 0 where no single one does.</param>
/// <param name="Times">How many events broke it, or left it undecided.</param>
public sealed record ClaimVerdict(Claim Claim, ClaimState State, string? Because, long Line, long Times);

/// <summary>A page that came in during the recording and did not leave, with the event that brought it in.</summary>
/// <param name="Page">Its frame number, or the address of device memory, as the kernel prints it.</param>
/// <param name="Hold">Its number among the pages of its pool.</param>
/// <param name="Line">The line of the event.</param>
/// <param name="AgoNanoseconds">From the event to the end of the recording.</param>
/// <param name="Processor">Where the event happened.</param>
/// <param name="Task">The task that ran, and its number, in the form name-number.</param>
/// <param name="IsCertain">Whether no events were lost since, among which its leaving may be.</param>
public sealed record OutsidePage(string Page, uint Hold, long Line, long AgoNanoseconds, int Processor, string Task, bool IsCertain);

/// <summary>One life of a pool: from its first page to inflight=0, as far as the recording shows it.</summary>
public sealed record LifeReport
{
    /// <summary>The pool's address as the kernel prints it.</summary>
    public required string Pool { get; init; }

    /// <summary>Which life at that address it is, from 1.</summary>
    public required int Life { get; init; }

    /// <summary>Whether its first page is in the recording.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Whether its inflight=0 is in the recording.</summary>
    public required bool IsOver { get; init; }

    /// <summary>The first and the last line that speak of it.</summary>
    public required (long First, long Last) Lines { get; init; }

    /// <summary>Time between those.</summary>
    public required long Nanoseconds { get; init; }

    /// <summary>Pages that came in.</summary>
    public required long CameIn { get; init; }

    /// <summary>Pages that left.</summary>
    public required long Left { get; init; }

    /// <summary>Looks at the destroyed pool.</summary>
    public required long Looks { get; init; }

    /// <summary>Most pages of the pool at a time.</summary>
    public required int Peak { get; init; }

    /// <summary>Pages that the last look found, or null when the pool was not destroyed.</summary>
    public required int? Inflight { get; init; }

    /// <summary>From the first look at the destroyed pool to the last, by clock or by count of looks, one a second (C.1).</summary>
    public required long WaitedNanoseconds { get; init; }

    /// <summary>Whether its destruction is, or was, tried for as long as the kernel itself complains about (C.1).</summary>
    public required bool IsStalled { get; init; }

    /// <summary>Pages that came in during the recording and did not leave.</summary>
    public required long Outside { get; init; }

    /// <summary>The page that has been outside longest, or null.</summary>
    public required OutsidePage? Oldest { get; init; }

    /// <summary>Of a destroyed pool, the pages it waits for, oldest first, at most <see cref="RecordingReport.PagesMax"/>.</summary>
    public required IReadOnlyList<OutsidePage> WaitsFor { get; init; }

    /// <summary>One verdict for each claim, in the order of the claims.</summary>
    public required IReadOnlyList<ClaimVerdict> Verdicts { get; init; }
}

/// <summary>What became of one recording.</summary>
public sealed record RecordingReport
{
    /// <summary>The most pages that are named of one pool.</summary>
    public const int PagesMax = 1_000;

    /// <summary>How messages name the recording.</summary>
    public required string Name { get; init; }

    /// <summary>Lines read.</summary>
    public required long Lines { get; init; }

    /// <summary>Bytes of text read.</summary>
    public required long Bytes { get; init; }

    /// <summary>Pages that came in, pages that left, looks at destroyed pools, moves to another memory node.</summary>
    public required (long Hold, long Release, long Look, long Move) Events { get; init; }

    /// <summary>Lines that are no event of a pool and no news about lost events.</summary>
    public required long PassedOver { get; init; }

    /// <summary>Places at which events were lost.</summary>
    public required long Losses { get; init; }

    /// <summary>Events lost, as far as they were counted.</summary>
    public required long LostEvents { get; init; }

    /// <summary>Whether the last line has no end, so that it was not used if it is an event.</summary>
    public required bool IsCut { get; init; }

    /// <summary>Whether reading was stopped before the end.</summary>
    public required bool WasStopped { get; init; }

    /// <summary>From the first event of a pool to the last, by the recording's clock.</summary>
    public required long Nanoseconds { get; init; }

    /// <summary>The lives of all pools, in the order in which they begin.</summary>
    public required IReadOnlyList<LifeReport> Lives { get; init; }

    /// <summary>Pages of each pool over time in seconds, those with the highest peak first, then those that begin first.</summary>
    public required IReadOnlyList<Series> Curves { get; init; }

    /// <summary>All events of pools.</summary>
    public long EventCount => Events.Hold + Events.Release + Events.Look + Events.Move;

    /// <summary>Whether a claim broke.</summary>
    public bool IsBroken => Has(ClaimState.Broken);

    /// <summary>Whether a claim could not be decided.</summary>
    public bool IsUndecided => Has(ClaimState.Undecided);

    /// <summary>A picture of the pages of each pool over time; of more pools than a picture can show, those with most pages.</summary>
    public string Svg(string title)
    {
        int shown = Math.Min(Curves.Count, LineChart.SeriesMax);
        return LineChart.Svg(
            shown < Curves.Count ? $"{title}: {shown} of {Quantity.Of(Curves.Count, "pool")}" : title,
            "seconds since the first event",
            [.. Curves.Take(shown)]);
    }

    private bool Has(ClaimState state) => Lives.Any(life => life.Verdicts.Any(verdict => verdict.State == state));
}
