namespace RxVerify.Properties.Pictures;

/// <summary>One step of a story, and what is seen after it.</summary>
/// <param name="Number">Its number from 1; 0 is the beginning.</param>
/// <param name="Words">What was done.</param>
/// <param name="Scene">What is seen after it.</param>
public sealed record PictureStep(int Number, string Words, Scene Scene);

/// <summary>A counterexample, of whichever scheme, as something to look at: what is said of it as a whole, and a scene after each step.</summary>
/// <param name="Story">The counterexample.</param>
/// <param name="Steps">The beginning and the steps; of a very long story the beginning and the last ones.</param>
/// <param name="Finding">What broke when the steps were run again for this picture; null when nothing does any more.</param>
public sealed record Picture(Counterexample Story, IReadOnlyList<PictureStep> Steps, Finding? Finding)
{
    /// <summary>The most steps that one picture shows: more than anybody reads, and a page of a few megabytes.</summary>
    public const int StepsMax = 200;

    private const int RowsMax = 24;

    /// <summary>The last step, in which the claim breaks if it does.</summary>
    public PictureStep Last => Steps[^1];

    /// <summary>The claim that breaks, or that did when the story was stored.</summary>
    public Claim Claim => Finding?.Claim ?? Story.BrokenClaim;

    /// <summary>How it shows, or showed.</summary>
    public string Detail => Finding?.Detail ?? Story.Detail;

    /// <summary>The planted mistake, where there is one.</summary>
    public Defect? Mistake => Story.Defect is { } name ? Defect.Named(Story.Of.Defects, name) : null;

    /// <summary>Steps between the beginning and the first one shown.</summary>
    public int LeftOut => Steps.Count > 1 ? Steps[1].Number - 1 : 0;

    /// <summary>Whether the claim breaks in this step.</summary>
    public bool BreaksIn(PictureStep step) => Finding is not null && step.Number == Last.Number;

    /// <summary>Whether these are bytes that the two parties are at odds about, in whichever step.</summary>
    public bool IsInQuestion(ScenePage page, SceneCell cell) =>
        Finding?.Conflict?.Place is { } place && place.Page.Value == page.Number && cell.Overlaps(place.Offset, place.Length);

    /// <summary>Whether these are the bytes in which the conflict shows: those in question that one of the parties has, or all when nobody has any.</summary>
    public bool IsInConflict(PictureStep step, ScenePage page, SceneCell cell)
    {
        if (!BreaksIn(step) || !IsInQuestion(page, cell))
        {
            return false;
        }

        var conflict = Finding!.Conflict!;
        return IsOf(cell, conflict) || !page.Cells.Any(other => IsInQuestion(page, other) && IsOf(other, conflict));
    }

    /// <summary>Whether this is the list or fact in which one of the parties shows.</summary>
    public bool IsInConflict(PictureStep step, string row) =>
        BreaksIn(step) && Finding!.Conflict is { } conflict && (conflict.First.Row == row || conflict.Second.Row == row);

    /// <summary>The step since which a party has had bytes in question, without a break until the end; null when it has none, or at the beginning.</summary>
    public PictureStep? Since(Party party)
    {
        PictureStep? since = null;
        for (int index = Steps.Count - 1; index >= 0 && party.Holder is { } holder && HasPlace(Steps[index].Scene, holder); index--)
        {
            since = Steps[index];
        }

        return since;
    }

    /// <summary>
    /// Numbers of the pages that have a row: all of few, and of many those in which anything changes, the ones in question first.
    /// </summary>
    public IReadOnlyList<int> Rows()
    {
        var all = Steps.SelectMany(step => step.Scene.Pages).Select(page => page.Number).ToHashSet();
        if (all.Count > RowsMax)
        {
            var changing = Changing();
            all = [.. all.Where(changing.Contains).OrderByDescending(number => Finding?.Conflict?.Place?.Page.Value == number).ThenBy(number => number).Take(RowsMax)];
        }

        return [.. all.Order()];
    }

    private static bool IsOf(SceneCell cell, Conflict conflict) =>
        (conflict.First.Holder is { } first && cell.IsOf(first)) || (conflict.Second.Holder is { } second && cell.IsOf(second));

    private bool HasPlace(Scene scene, Holder holder) =>
        scene.Pages.Any(page => page.Cells.Any(cell => IsInQuestion(page, cell) && cell.IsOf(holder)));

    private HashSet<int> Changing()
    {
        var changing = new HashSet<int>();
        if (Finding?.Conflict?.Place is { } place)
        {
            changing.Add(place.Page.Value);
        }

        for (int index = 1; index < Steps.Count; index++)
        {
            var (before, after) = (Steps[index - 1].Scene, Steps[index].Scene);
            var change = new SceneChange(before);
            changing.UnionWith(after.Pages.Where(page => change.Of(page) || page.Cells.Any(cell => change.Of(page, cell))).Select(page => page.Number));
            changing.UnionWith(before.Pages.Select(page => page.Number).Except(after.Pages.Select(page => page.Number)));
        }

        return changing;
    }

    /// <summary>Runs the steps of a counterexample again and looks after each.</summary>
    internal static Picture Of<TConfiguration, TOperation>(Counterexample<TConfiguration, TOperation> story)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        var scheme = story.Scheme;
        using var run = story.NewRun();
        var steps = new List<PictureStep> { new(0, scheme.Beginning, scheme.SceneOf(run)) };
        foreach (var (index, operation) in story.Operations.Index())
        {
            if (run.Finding is not null || (!run.Allows(operation) && run.Finding is null))
            {
                break;
            }

            run.Step(operation);
            if (steps.Count > StepsMax)
            {
                steps.RemoveAt(1);
            }

            steps.Add(new PictureStep(index + 1, scheme.Words.Of(operation), scheme.SceneOf(run)));
        }

        return new Picture(story, steps, run.Finding);
    }
}
