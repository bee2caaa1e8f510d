using RxVerify.Implementation.Mana;
using RxVerify.Implementation.PagePool;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties.Mana.Defects;
using RxVerify.Properties.Port.Defects;

namespace RxVerify.Properties.Port;

/// <summary>A planted mistake of the port.</summary>
/// <param name="Name">Its name: that of the rules struct, except for the control path as published.</param>
/// <param name="Ids">Its entries in the catalogues (see <see cref="Defect.Ids"/>).</param>
/// <param name="Mistake">What it does wrong.</param>
/// <param name="History">The kernel commit it comes from or resembles, or that no fix is known.</param>
/// <param name="Breaks">The claim a hunt has to see broken; null for a mistake that is safe and must survive.</param>
/// <param name="World">A world with a driver that makes it.</param>
public sealed record PortDefect(string Name, string Ids, string Mistake, string History, Claim? Breaks, Func<PortConfiguration, PortWorld> World)
    : Defect(Name, Ids, Mistake, History, Breaks);

/// <summary>The catalogue of planted mistakes of the port.</summary>
public static class PortDefects
{
    private const string AsPublished = "as published";
    private const string NoFix = $"{AsPublished}; no fix found";

    /// <summary>The one that each default run has to report, so that a silent pipeline fails.</summary>
    public static PortDefect Canary => Named(nameof(KeepsNewProgram))!;

    /// <summary>The published driver, with all its mistakes on the control path and the data path together.</summary>
    public static PortDefect Published => Named(nameof(AsPublished2025))!;

    /// <summary>All of E.2 that concern the control path, those of B.7, and the published driver as a whole.</summary>
    public static readonly IReadOnlyList<PortDefect> All =
    [
        Of<KeepsNewProgram>("F-B1, B.7 #1, D-11", "leaves the port on the new program when no page can be allocated before", "as published; fixed by 4c46beb807ef", PortClaims.CoreIsRight),
        Of<PutsOldProgramFirst>("F-B2, D-25", "puts the old program before it is replaced", "revision v4 of the patch", PortClaims.ProgramsAreReferenced),
        OfQueue<TearsDownByLayout>("F-B3, D-24", "chooses by the layout alone how a buffer is given back at teardown", "revision v3 of the patch", PortClaims.PoolsGetTheirOwn),
        Of<KeepsNewParameters>("F-B20", "leaves the new parameters on a port that could not be attached with them", "none known; compare D-11", PortClaims.FailureChangesNothing),
        Of<ForgetsFirstDetach>("F-B21, D-16", "forgets at a second detach that the port was up", "as published; fixed by 5b05aa36ee24", PortClaims.UpIsRemembered),
        OfQueue<UndoesTooMuch>("F-B22, B.7 #8, D-17, D-18, D-19, D-22", "undoes more than was done when creation of a queue fails", "as published; fixed by 3985c9a56da4, e9e334f8063a, 2a1c69118282, b6ecc6620376", PortClaims.StepsHaveWhatTheyUse),
        Of<KeepsVportAfterFailure>("F-B23, B.7 #9", "keeps the vport when the transmit queues cannot be created", "as published; restructured later", PortClaims.RequestsSucceed),
        Of<ForgetsLeftovers>("F-B24", "forgets pages that were allocated before and not used", "none known", PortClaims.AttemptIsUndone),
        OfQueue<DestroysPoolFirst>("F-B25", "destroys the pool before the buffers are back", "none known", PortClaims.NothingLeft),
        Of<LeavesPortDead>("B.7 #7", "leaves the port dead when it cannot be attached", $"{NoFix} for programs and MTU", PortClaims.NoPortIsDead),
        Of<LeavesPortDetached>("B.7 #7", "leaves the port detached when it cannot be attached with the old parameters either", "half of a repair", PortClaims.NoPortIsDead),
        Of<TakesDownAbsentQueues>("B.7 #7, D-15", "takes down queues that are not there", "as published; fixed by 17bfe0a8c014", PortClaims.StepsHaveWhatTheyUse),
        Of<LendsVport>("B.7 #10", "lets the RDMA driver take the vport in the middle of a change", $"{NoFix} for programs and MTU", PortClaims.VportHasOneUser),
        Of<ForgetsAdapterMtu>("B.7 #11", "allows an MTU above the adapter's when there is a program", "as published; fixed in 2026", PortClaims.MtuIsWithinLimits),
        Of<SteersBeforeProgram>("B.7 #14", "steers packets to queues that have no program yet", NoFix, PortClaims.NothingBypasses),
        Of<ClearsProgramsFirst>("B.7 #14", "takes the program from queues that still receive", NoFix, PortClaims.NothingBypasses),
        Of<TrustsSilentDevice>("B.7 #15", "frees buffers although the device did not confirm that it stopped", NoFix, PortClaims.DeviceIsQuiet),
        Of<ReportsSuccessAfterFailure>("D-23", "reports a queue as created whose creation failed late", "compare be0499369d63", PortClaims.OpenPortReceives),
        new(nameof(AsPublished2025), "B.7 #1, #7 to #11, #14, #15", "behaves as published in 2025", "730ff06d3f5c", PortClaims.NoPortIsDead,
            static configuration => new PortWorld<PortAsPublished2025, AsPublished2025, RightPoolRules>(configuration))
        {
            AlsoBreaks =
            [
                // B.7 #1 as the core and as the references see it, D-16, #11, #9 and #10, #8 and D-15, #14, #15.
                PortClaims.CoreIsRight, PortClaims.ProgramsAreReferenced, PortClaims.UpIsRemembered, PortClaims.MtuIsWithinLimits, PortClaims.RequestsSucceed,
                PortClaims.VportHasOneUser, PortClaims.StepsHaveWhatTheyUse, PortClaims.NothingBypasses, PortClaims.DeviceIsQuiet,
            ],
        },
    ];

    /// <summary>The defect with this name or catalogue id, or null.</summary>
    public static PortDefect? Named(string name) => Defect.Named(All, name);

    /// <summary>A world with the right rules, or with a defect's.</summary>
    public static PortWorld WorldOf(PortDefect? defect, PortConfiguration configuration) =>
        defect is null ? new PortWorld<RightPortRules, RightManaRules, RightPoolRules>(configuration) : defect.World(configuration);

    private static PortDefect Of<TRules>(string ids, string mistake, string history, Claim? breaks)
        where TRules : struct, IPortRules =>
        new(typeof(TRules).Name, ids, mistake, history, breaks, static configuration => new PortWorld<TRules, RightManaRules, RightPoolRules>(configuration));

    private static PortDefect OfQueue<TManaRules>(string ids, string mistake, string history, Claim? breaks)
        where TManaRules : struct, IManaRules =>
        new(typeof(TManaRules).Name, ids, mistake, history, breaks, static configuration => new PortWorld<RightPortRules, TManaRules, RightPoolRules>(configuration));
}
