using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Turns a failing DQO run into its shortest story.</summary>
public static class DqoShrinker
{
    /// <summary>Shrinks what a fuzzing run found, and runs the result twice more to see that it repeats.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="cancellation">Ends the search early; the shortest story so far is returned.</param>
    /// <exception cref="InvalidOperationException">The result holds no failure.</exception>
    public static DqoCounterexample Shrink(DqoFuzzResult result, CancellationToken cancellation = default)
    {
        if (result.Failure is not { } found)
        {
            throw new InvalidOperationException("there is no failure to shrink");
        }

        var shrinker = new Shrinker<DqoConfiguration, DqoOperation>(RunFor, new DqoSimplify());
        var shortest = shrinker.Shrink(found, cancellation);
        return new DqoCounterexample(
            result.Options.Defect?.Name, result.Options.Seed, shortest.Configuration, shortest.Operations, shortest.Finding.Claim.Id,
            shortest.Finding.Detail, found.Operations.Length)
        {
            WithModel = result.Options.WithModel,
            RepeatDifference = RepeatDifference(),
        };

        // The claims asked for are those of the search: the same claim has to break, however many others break before it.
        DqoRun RunFor(DqoConfiguration configuration) =>
            new(DqoDefects.WorldOf(result.Options.Defect, configuration), result.Options.Claims, result.Options.WithModel);

        string? RepeatDifference()
        {
            using var run = RunFor(shortest.Configuration);
            var first = Runs.Replay<DqoOperation>(run, shortest.Operations);
            var second = Runs.Replay<DqoOperation>(run, shortest.Operations);
            return first == second ? null : $"two runs of the same steps differ: {first} and {second}";
        }
    }
}
