using RxVerify.Implementation.Mana;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties.Mana.Defects;
using RxVerify.Properties.PagePool.Defects;

namespace RxVerify.Properties.Mana;

/// <summary>A planted mistake of the MANA receive queue.</summary>
/// <param name="Name">Name of the rules struct.</param>
/// <param name="Ids">Its entries in the catalogues (see <see cref="Defect.Ids"/>).</param>
/// <param name="Mistake">What it does wrong.</param>
/// <param name="History">The kernel commit it comes from or resembles, or that no fix is known.</param>
/// <param name="Breaks">The claim a hunt has to see broken; null for a mistake that is safe and must survive.</param>
/// <param name="World">A world with a driver that makes it.</param>
public sealed record ManaDefect(string Name, string Ids, string Mistake, string History, Claim? Breaks, Func<ManaConfiguration, ManaWorld> World)
    : Defect(Name, Ids, Mistake, History, Breaks);

/// <summary>The catalogue of planted mistakes of the MANA receive queue.</summary>
public static class ManaDefects
{
    private const string AsPublished = "as published";

    /// <summary>The one that each default run has to report, so that a silent pipeline fails.</summary>
    public static ManaDefect Canary => Named(nameof(HandsUpWithoutReplacement))!;

    /// <summary>The published driver, with all its mistakes on the data path together.</summary>
    public static ManaDefect Published => Named(nameof(AsPublished2025))!;

    /// <summary>All of E.2 that concern the data path, those of B.7, and the published driver as a whole.</summary>
    public static readonly IReadOnlyList<ManaDefect> All =
    [
        Of<TearsDownByLayout>("F-B3", "chooses by the layout alone how a buffer is given back at teardown", "revision v3 of the patch", ManaClaims.PoolsGetTheirOwn),
        Of<UnmapsFragments>("F-B4", "unmaps fragments whose page the pool mapped", "", ManaClaims.MappedWhileNeeded),
        Of<LeavesMapped>("F-B4", "leaves what it hands over mapped", "", ManaClaims.MappedWhileNeeded),
        Of<HandsUpWithoutReplacement>("F-B5", "hands up a buffer that has no replacement and posts it again", "", ManaClaims.OneOwner),
        Of<ForgetsSlotWithoutReplacement>("F-B6", "does not post a buffer again that has no replacement", "", ManaClaims.SlotsArePaired),
        Of<ForgetsSlotWithoutLength>("F-B7, B.7 #12", "does not post the slot of a completion without a length again", AsPublished, ManaClaims.SlotsArePaired),
        Of<ForgetsSlotOfUnknownType>("B.7 #12", "does not post the slot of a completion of an unknown type again", AsPublished, ManaClaims.SlotsArePaired),
        Of<DropsBatch>("B.4.3", "loses what is behind a completion of another queue", $"{AsPublished}; no fix found", ManaClaims.NothingLostSilently),
        Of<DropsWholePage>("F-B8", "gives back the whole page of a dropped fragment", "", ManaClaims.OneOwner),
        Of<DropsForeignPageToPool>("F-B9", "puts a dropped page that is not the pool's into the pool", "", ManaClaims.PoolsGetTheirOwn),
        Of<SavesPageForNobody>("F-B10, B.7 #6, D-26", "saves a dropped page where nobody looks for it", $"{AsPublished}; no fix found", ManaClaims.NothingLeft),
        Of<DropsRedirected>("F-B11", "drops a buffer that was redirected", "", ManaClaims.OneOwner),
        Of<ForgetsFailedRedirect>("F-B12", "forgets a buffer that could not be redirected", "compare enetc 628050ec952d (D-82)", ManaClaims.Conservation),
        Of<BuildsSkbTooEarly>("F-B13", "builds the skb before the verdict and forgets it", "compare am65-cpsw 5db843258de1 (D-85)", ManaClaims.OneOwner),
        Of<NeverMarksForRecycling>("F-B14", "marks no skb for recycling", "", ManaClaims.Conservation),
        Of<MarksEverything>("F-B15", "marks every skb for recycling", "harmless: the signature test tells", null),
        Of<MarksEverything, TakesForeignPages>("F-B15", "marks every skb for recycling, and the pool looks at no signature", "", ManaClaims.PoolsGetTheirOwn),
        Of<RedirectsForeignPage>("F-B16, B.7 #13", "redirects a page that is not the pool's", $"{AsPublished}; no fix found", ManaClaims.PoolsGetTheirOwn),
        Of<CountsUnalignedFragments>("F-B17", "counts fragments by their size before it is aligned", "harmless: frag_count is advice", null),
        Of<ForgetsSharedInfo>("F-B18", "leaves the skb's own data no room", "", ManaClaims.AccessesAreInside),
        Of<ForgetsHeadroom>("F-B19", "lets the device write where the headroom is", "", ManaClaims.PacketsAreWhole),
        Of<UndoesTooMuch>("F-B22, B.7 #8", "undoes more than was done when creation fails", "fixed by 3985c9a56da4, e9e334f8063a, 2a1c69118282", ManaClaims.UndoneOnce),
        Of<DestroysPoolFirst>("F-B25", "destroys the pool before the buffers are back", "", ManaClaims.NothingLeft),
        Of<FreesBeforeTransmitted>("F-B26", "frees a buffer before it is transmitted", "", ManaClaims.OneOwner),
        Of<ReadsUnsyncedFragments>("B.7 #2, D-12", "reads fragments without a sync", "fixed by c72a0f09c57f", ManaClaims.ReadAfterSync),
        Of<TrustsReportedLength>("B.7 #3, D-13", "trusts the reported length", "fixed by 2e2a83b4998a", ManaClaims.DamagedStaysOut),
        Of<ChargesAsked>("B.7 #4", "charges what was asked for and not what is held", "fixed by f73896b4197e", ManaClaims.ChargesWhatIsHeld),
        Of<ChargesFragmentForPage>("B.7 #5", "charges a fragment for a whole page", $"{AsPublished}; no fix found", ManaClaims.ChargesWhatIsHeld),
        Of<PostsBeforeTailMoves>("B.7 #18", "posts a slot before the tail has made room", "cannot happen as published: the tail moves first", ManaClaims.SlotsArePaired),
        Of<AsPublished2025>("B.7 #2 to #6, #8, #12, #13", "behaves as published in 2025", "730ff06d3f5c", ManaClaims.ReadAfterSync) with
        {
            AlsoBreaks =
            [
                // B.7 #3, #4 and #5, #6, #8, #12, #13, and the lost batch of B.4.3.
                ManaClaims.DamagedStaysOut, ManaClaims.ChargesWhatIsHeld, ManaClaims.NothingLeft, ManaClaims.UndoneOnce,
                ManaClaims.SlotsArePaired, ManaClaims.PoolsGetTheirOwn, ManaClaims.NothingLostSilently,
            ],
        },
    ];

    /// <summary>The defect with this name or catalogue id, or null.</summary>
    public static ManaDefect? Named(string name) => Defect.Named(All, name);

    /// <summary>A world with the right rules, or with a defect's.</summary>
    public static ManaWorld WorldOf(ManaDefect? defect, ManaConfiguration configuration) =>
        defect is null ? new ManaWorld<RightManaRules, RightPoolRules>(configuration) : defect.World(configuration);

    private static ManaDefect Of<TRules>(string ids, string mistake, string history, Claim? breaks)
        where TRules : struct, IManaRules =>
        new(typeof(TRules).Name, ids, mistake, history, breaks, static configuration => new ManaWorld<TRules, RightPoolRules>(configuration));

    private static ManaDefect Of<TRules, TPoolRules>(string ids, string mistake, string history, Claim? breaks)
        where TRules : struct, IManaRules
        where TPoolRules : struct, IPoolRules =>
        new(typeof(TRules).Name + typeof(TPoolRules).Name, ids, mistake, history, breaks, static configuration => new ManaWorld<TRules, TPoolRules>(configuration));
}
