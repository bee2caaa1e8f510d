using RxVerify.Properties.Recordings;

namespace RxVerify.Cli;

/// <summary>What became of several recordings, as JSON.</summary>
internal sealed record RecordingFacts(IReadOnlyList<RecordingFact> Recordings);

/// <summary>What became of one recording, as JSON; the pages over time are in the picture only.</summary>
internal sealed record RecordingFact(
    string Recording, long Lines, long Bytes, long Events, long CameIn, long Left, long Looks, long Moves, long PassedOver, long Losses, long LostEvents,
    bool IsCut, bool WasStopped, long Nanoseconds, bool Broken, bool Undecided, IReadOnlyList<LifeFact> Lives)
{
    public static RecordingFact Of(string name, RecordingReport report) => new(
        name, report.Lines, report.Bytes, report.EventCount, report.Events.Hold, report.Events.Release, report.Events.Look, report.Events.Move,
        report.PassedOver, report.Losses, report.LostEvents, report.IsCut, report.WasStopped, report.Nanoseconds, report.IsBroken, report.IsUndecided,
        [.. report.Lives.Select(LifeFact.Of)]);
}

/// <summary>One life of a pool.</summary>
internal sealed record LifeFact(
    string Pool, int Life, bool IsWhole, bool IsOver, long FirstLine, long LastLine, long Nanoseconds, long CameIn, long Left, long Looks, int Peak,
    int? Inflight, long WaitedNanoseconds, bool IsStalled, long Outside, OutsidePage? Oldest, IReadOnlyList<OutsidePage> WaitsFor,
    IReadOnlyList<VerdictFact> Verdicts)
{
    public static LifeFact Of(LifeReport life) => new(
        life.Pool, life.Life, life.IsWhole, life.IsOver, life.Lines.First, life.Lines.Last, life.Nanoseconds, life.CameIn, life.Left, life.Looks, life.Peak,
        life.Inflight, life.WaitedNanoseconds, life.IsStalled, life.Outside, life.Oldest, life.WaitsFor,
        [.. life.Verdicts.Select(verdict => new VerdictFact(verdict.Claim.Id, verdict.Claim.Sentence, verdict.State, verdict.Because, verdict.Line, verdict.Times))]);
}

/// <summary>The verdict on one claim.</summary>
internal sealed record VerdictFact(string Claim, string Sentence, ClaimState State, string? Because, long Line, long Times);
