using System.Diagnostics.CodeAnalysis;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace RxVerify.Tests.StandIns;

/// <summary>What RxVerify expects of FsCheck.Xunit when a property does not simply hold.</summary>
public sealed class FailingPropertyContractTests
{
    [Fact]
    public async Task A_property_that_does_not_hold_fails_with_its_shrunk_counterexample()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.Small));
        Assert.True(result.Failed);
        Assert.Contains("Falsifiable, after", result.Message, StringComparison.Ordinal);
        Assert.Matches(@"Shrunk:\s*10\b", result.Message);
    }

    [Fact]
    public async Task A_failure_names_the_seed_of_the_run()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.Small));
        Assert.Contains("(42,11400714819323198485)", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_fails_in_the_same_way()
    {
        XunitInside.Result first = await XunitInside.RunAsync<Samples>(nameof(Samples.Small));
        XunitInside.Result second = await XunitInside.RunAsync<Samples>(nameof(Samples.Small));
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public async Task The_exception_of_a_failing_case_reaches_the_reader()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.Throws));
        Assert.True(result.Failed);
        Assert.Contains("the page is lost", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asynchronous_property_can_fail()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.ThrowsLater));
        Assert.True(result.Failed);
        Assert.Contains("Falsifiable", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_whose_cases_are_all_rejected_fails_as_exhausted()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.NeverTried));
        Assert.True(result.Failed);
        Assert.Contains("exhausted", result.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_property_that_holds_says_how_many_cases_and_of_which_classes()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.Holds));
        Assert.True(result.Passed);
        Assert.Contains("passed 30 tests", result.Output, StringComparison.Ordinal);
        Assert.Contains("even", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuietOnSuccess_keeps_a_property_that_holds_silent()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.HoldsQuietly));
        Assert.True(result.Passed);
        Assert.DoesNotContain("passed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skipped_property_does_not_run()
    {
        XunitInside.Result result = await XunitInside.RunAsync<Samples>(nameof(Samples.Skipped));
        Assert.True(result.Skipped);
        Assert.False(result.Failed);
    }

    [SuppressMessage("Usage", "xUnit1000:Test classes must be public", Justification = "The real run must not find it.")]
    [SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "xunit makes it.")]
    private sealed class Samples
    {
        [Property(Replay = "42,11400714819323198485", EndSize = 1000)]
        public bool Small(int x) => x < 10;

        [Property]
        public void Throws(int x) => throw new InvalidOperationException($"the page is lost at {x}");

        [Property]
        public async Task ThrowsLater(int x)
        {
            await Task.Yield();
            throw new InvalidOperationException($"the page is lost at {x}");
        }

        [Property(MaxRejected = 5)]
        public Property NeverTried(int x) => Prop.When(x != x / 1, () => true);

        [Property(MaxTest = 30)]
        public Property Holds(byte x) => true.Classify(x % 2 == 0, "even");

        [Property(QuietOnSuccess = true)]
        public bool HoldsQuietly(byte x) => x <= byte.MaxValue;

        [Property(Skip = "Not today.")]
        public bool Skipped(byte x) => x > byte.MaxValue;
    }
}
