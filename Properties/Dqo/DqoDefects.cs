using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo.Defects;

namespace RxVerify.Properties.Dqo;

/// <summary>A planted mistake of the DQO driver.</summary>
/// <param name="Name">Name of the rules struct.</param>
/// <param name="Ids">Its entries in the catalogues (see <see cref="Defect.Ids"/>).</param>
/// <param name="Mistake">What it does wrong.</param>
/// <param name="History">The kernel commit it comes from or resembles, or that no fix is known.</param>
/// <param name="Breaks">The claim a hunt has to see broken; null for a mistake that is safe and must survive.</param>
/// <param name="Driver">The driver that makes it.</param>
public sealed record DqoDefect(string Name, string Ids, string Mistake, string History, Claim? Breaks, DqoDriver Driver)
    : Defect(Name, Ids, Mistake, History, Breaks);

/// <summary>The catalogue of planted mistakes.</summary>
public static class DqoDefects
{
    /// <summary>The one that each default run has to report, so that a silent pipeline fails.</summary>
    public static DqoDefect Canary => Named(nameof(NeverWaits))!;

    /// <summary>The published driver, with all its mistakes together.</summary>
    public static DqoDefect Published => Named(nameof(AsPublished2021))!;

    /// <summary>All of them: F-A1 to F-A26, A-D1 to A-D10 and A-D13, one for each claim they leave, and the published driver as a whole.</summary>
    public static readonly IReadOnlyList<DqoDefect> All =
    [
        Of<CountsBeforePaying>("F-A1", "reads the page count before paying the reference", "compare i40e 75aab4e10ae6 (D-50)", DqoClaims.PostedIsUnreferenced),
        Of<ClassifiesAfterHandUp>("F-A1", "classifies a buffer after its packet was handed up", "compare i40e 75aab4e10ae6 (D-50)", DqoClaims.PostedIsUnreferenced),
        Of<NeverWaits>("F-A2", "drops the comparison with the last single offset", "compare hns3 961045004b77 (D-49)", DqoClaims.PostedIsUnreferenced),
        Of<NeverRecordsLastSingle>("F-A3", "compares the references with 0 instead of 1", "harmless for safety; each page waits after one lap", null),
        Of<TwoPassForOne>("F-A4", "takes two references for one", "", DqoClaims.PostedIsUnreferenced),
        Of<ClassifiesAfterCopy>("F-A5", "classifies a buffer after copying its packet", "", DqoClaims.PostedIsUnreferenced),
        Of<AdvancesAfterError>("F-A6", "moves on to the next chunk after an error", "", DqoClaims.PostedIsUnreferenced),
        Of<UsedListAcceptsOneReference>("F-A7", "takes a page with one reference from the used list", "the page-flip test of drivers without a bias", DqoClaims.PostedIsUnreferenced),
        Of<DiscardTakesAReference>("F-A8", "drops one of the stack's references with a page it gives up", "", DqoClaims.PagesAreOwned),
        Of<DiscardKeepsPage>("F-A9", "frees a discarded state without its page", "", DqoClaims.PagesBounded),
        Of<ReplenishesTooMuch>("F-A10", "replenishes by the limit instead of what is missing", "", DqoClaims.ReferencesBalance),
        Of<AcceptsOneIdTooMany>("F-A11, A-D2", "accepts the id one past the last", "as published; fixed by ecd89c02da85 (D-2)", DqoClaims.AccessesAreInside),
        Of<AcceptsUnpostedBuffers>("F-A12", "takes completions for buffers that are not posted", "", DqoClaims.Partition),
        Of<NeverFlipsGeneration>("F-A13", "never flips the generation", "compare libwx d992ed7e1b68 (D-109)", DqoClaims.ConsumedOnce),
        Of<FlipsGenerationEarly>("F-A13", "flips the generation one completion early", "", DqoClaims.ConsumedOnce),
        Of<ReadsFieldsFirst>("F-A14", "reads a completion's fields before its generation", "compare bnxt_en 828affc27ed4 (D-74)", DqoClaims.ConsumedOnce),
        Of<IgnoresCompletionSlots>("F-A15", "posts more buffers than there are completion slots", "", DqoClaims.SlotsSuffice),
        Of<FillsTheLastSlot>("F-A16", "fills the slot that tells full from empty", "compare stmmac 0bb05e6adfa9 (D-105)", DqoClaims.SlotsSuffice),
        Of<WaitsForAFullBatch>("F-A17, A-D10", "rings at full batches only and never retries", "as published; fixed by b65352a1bac6 (D-6)", DqoClaims.Refills),
        Of<KeepsUnmappedPage>("F-A18, A-D1", "keeps a page that could not be mapped", "as published; no fix found (D-10)", DqoClaims.PagesAreOwned),
        Of<ForgetsPartialPacket>("F-A19", "forgets the packet under assembly on an error", "compare airoha 285fa6b1e03c (D-111)", DqoClaims.NothingLeft),
        Of<NapiKeepsFreedSkb>("F-A19, A-D5", "leaves a freed skb with the NAPI", "as published; fixed by 6f4d93b78ade (D-5)", DqoClaims.SkbsAreOwned),
        Of<RestStartsNewPacket>("F-A20, A-D7", "starts a new packet with the rest of a failed one", "as published; no fix found", DqoClaims.PacketsAreWhole),
        Of<WrapsAtLargerPage>("F-A21", "wraps the offset at another page size", "compare ice 50b2143356e8 (D-54)", DqoClaims.AccessesAreInside),
        Of<FreesPagesFirst>("F-A22", "frees the pages before it stops the device", "compare lan966x 59c3d55a946c (D-87)", DqoClaims.DeviceStaysInside),
        Of<SharesNeighboursPage>("F-A23", "gives two states the same page", "", DqoClaims.OneChunkPerPage),
        Of<CopiesOneTooLate>("F-A24", "copies on demand one state too late", "", DqoClaims.StackCannotPin),
        Of<KeepsCountingUsedStates>("F-A24", "never uncounts states that leave the used list", "", DqoClaims.CopiesOnlyWhenShort),
        Of<ForgetsLastSingle>("F-A25", "resets the last single offset when posting a recycled buffer", "", DqoClaims.PostedIsUnreferenced),
        Of<ReplenishesAfterHandUp>("F-A26", "replenishes the bias after the packet was handed up", "", DqoClaims.PagesAreOwned),
        Of<PostsOldAddress>("A.4.7", "goes on posting the bus address of the page it had before", "compare libwx 5fd77cc6bd9b (D-108)", DqoClaims.MappedWhilePosted),
        Of<UnmapsTwice>("A.5.1", "unmaps a page it gives up, and once more when it frees it", "", DqoClaims.UnmappedOnce),
        Of<SyncsHeaderOnly>("A.5.5", "syncs the header for the processor and nothing behind it", "compare mana c72a0f09c57f (D-12)", DqoClaims.ReadAfterSync),
        Of<DropsUncounted>("A.5.7", "does not count a packet that it frees because it cannot be coalesced", "", DqoClaims.NothingLostSilently),
        Of<PrefetchesBusAddress>("A-D3", "prefetches a bus address", "as published; fixed by 1bfa4d0cb5ad (D-3)", DqoClaims.OwnAddresses),
        Of<NestsExtraSkbs>("A-D4", "nests the extra skbs of a long packet", "as published; fixed by 817c7cd2043a (D-4)", DqoClaims.PacketsAreWhole),
        Of<AllocatesSleeping>("A-D6", "lets the page allocator sleep in a poll", "as published; fixed by 8ccac4edc8da (D-1)", DqoClaims.NothingSleeps),
        Of<UnknownBufferReturnsSlots>("A-D8", "returns a slot for a completion without a buffer", "as published; no fix found", DqoClaims.SlotsSuffice),
        Of<FailuresAreFree>("A-D9", "lets failed completions cost nothing of the budget", "as published; no fix found", DqoClaims.BudgetIsKept),
        Of<TrustsLength>("A-D13", "trusts a length above the chunk", "as published; compare mana 2e2a83b4998a (D-13)", DqoClaims.DamagedStaysOut),
        Of<AsPublished2021>("A-D1 to A-D10, A-D13", "behaves as published in 2021", "9b8dd5e5", DqoClaims.PacketsAreWhole) with
        {
            AlsoBreaks =
            [
                // A-D1 to A-D5, A-D7 to A-D9 and A-D13 in order, without those that share a claim.
                DqoClaims.PagesAreOwned, DqoClaims.AccessesAreInside, DqoClaims.OwnAddresses, DqoClaims.SkbsAreOwned, DqoClaims.NothingSleeps,
                DqoClaims.SlotsSuffice, DqoClaims.BudgetIsKept, DqoClaims.Refills, DqoClaims.DamagedStaysOut,
            ],
        },
    ];

    /// <summary>The defect with this name or catalogue id, or null.</summary>
    public static DqoDefect? Named(string name) => Defect.Named(All, name);

    /// <summary>A world with the right rules, or with a defect's.</summary>
    public static DqoWorld WorldOf(DqoDefect? defect, DqoConfiguration configuration) =>
        (defect?.Driver ?? DqoDriver.Right).World(configuration);

    private static DqoDefect Of<TRules>(string ids, string mistake, string history, Claim? breaks)
        where TRules : struct, IDqoRules =>
        new(typeof(TRules).Name, ids, mistake, history, breaks, new DqoDriver<TRules>());
}
