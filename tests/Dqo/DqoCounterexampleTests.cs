using RxVerify.Model.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Dqo;

public sealed class DqoCounterexampleTests : CounterexampleTests<DqoTested>
{
    [Fact]
    public void The_model_allows_every_step_that_the_implementation_with_right_rules_did()
    {
        var result = DqoScheme.All.Fuzz(new FuzzOptions { Seed = 9, Operations = 50_000, Defect = DqoDefects.Named("F-A10") });
        var shrunk = result.Shrink();
        var model = DqoModel.Start(shrunk.Configuration);
        foreach (var operation in shrunk.Operations)
        {
            Assert.True(model.Allows(operation), $"{DqoWords.Of(operation)} is not allowed");
            model = model.After(operation).Next;
        }
    }

    [Fact]
    public void A_stored_proof_has_to_be_one_of_that_story()
    {
        string text = Found("NeverWaits").Json();
        Assert.Contains("\"depth\": 3", text, StringComparison.Ordinal);

        var problem = Assert.Throws<CounterexampleFormatException>(() => CounterexampleFile.Read(text.Replace("\"depth\": 3", "\"depth\": 2", StringComparison.Ordinal), "bad.json"));

        Assert.Equal("bad.json:1: proof is to depth 2; expected 3, one less than there are operations", problem.Message);
    }

    [Fact]
    public void A_story_that_lost_a_step_lost_its_proof()
    {
        var found = Found("NeverWaits");

        Assert.NotNull(found.Proof);
        Assert.Null(found.Without(0).Proof);
    }

    [Theory]
    [InlineData("", "expected")]
    [InlineData("{", "expected", 1)]
    [InlineData("[]", "expected", 1)]
    [InlineData("{\n  \"scheme\": \"dqo\"\n}", "required", 3)]
    [InlineData("{\n  \"sheme\": \"dqo\"\n}", "sheme", 2)]
    public void What_is_no_counterexample_is_named_by_file_and_line(string text, string expected, int line = 1)
    {
        var problem = Assert.Throws<CounterexampleFormatException>(() => CounterexampleFile.Read(text, "bad.json"));

        Assert.StartsWith($"bad.json:{line}: ", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.OrdinalIgnoreCase);
    }
}
