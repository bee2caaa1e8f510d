using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace RxVerify.Tests.StandIns;

/// <summary>
/// What RxVerify expects of FsCheck.Xunit, whether it is the package or the stand-in. A property that has to fail cannot be a test here;
/// FailingPropertyContractTests runs some through xunit itself.
/// </summary>
[Properties(MaxTest = 20, Arbitrary = [typeof(Sevens)])]
public sealed class FsCheckXunitContractTests : IDisposable
{
    private int _cases;
    private Action? _check;

    public static class Sevens
    {
        public static Arbitrary<int> Int() => Gen.Constant(7).ToArbitrary();

        public static Arbitrary<long> Long() => Gen.Constant(7L).ToArbitrary();
    }

    public static class Eights
    {
        public static Arbitrary<int> Int() => Gen.Constant(8).ToArbitrary();
    }

    public static class Sizes
    {
        public static Arbitrary<int> Int() => Gen.Sized(Gen.Constant).ToArbitrary();
    }

    public void Dispose() => _check?.Invoke();

    [Property]
    public void A_property_without_parameters_runs_as_a_test() => Assert.True(true);

    [Property]
    public bool A_property_may_return_bool(byte x) => x + 1 > x;

    [Property]
    public Property A_property_may_return_a_Property(byte x) => (x >= 0).Label("bytes are not negative").Classify(x == 0, "zero");

    [Property]
    public async Task A_property_may_return_a_task(byte x)
    {
        await Task.Yield();
        Assert.InRange(x, 0, 255);
    }

    [Property]
    public void The_generators_of_the_class_are_used(int x, long y)
    {
        Assert.Equal(7, x);
        Assert.Equal(7L, y);
    }

    [Property(Arbitrary = [typeof(Eights)])]
    public void The_generators_of_the_method_come_before_those_of_the_class(int x, long y)
    {
        Assert.Equal(8, x);
        Assert.Equal(7L, y);
    }

    [Property(MaxTest = 33)]
    public void MaxTest_of_the_method_is_the_number_of_cases(byte x)
    {
        _ = x;
        _cases++;
        _check = () => Assert.Equal(33, _cases);
    }

    [Property]
    public void MaxTest_of_the_class_is_used_where_the_method_has_none(byte x)
    {
        _ = x;
        _cases++;
        _check = () => Assert.Equal(20, _cases);
    }

    [Property(StartSize = 5, EndSize = 5, Arbitrary = [typeof(Sizes)])]
    public void StartSize_and_EndSize_bound_the_size(int size) => Assert.Equal(5, size);

    [Property(Replay = "9186397423678945401,5870743421194059005,80", Arbitrary = [typeof(Sizes)])]
    public void A_replay_of_a_single_case_has_that_size(int size) => Assert.Equal(80, size);

    [Property(Replay = "(42,11400714819323198485)", MaxTest = 1)]
    public void A_replay_of_a_run_draws_the_same_values(uint x, uint y)
    {
        List<(uint, uint)> drawn = [];
        Config config = Config.QuickThrowOnFailure.WithMaxTest(1).WithQuietOnSuccess(true).WithReplay(42, 11400714819323198485);
        Check.One(config, Prop.ForAll((uint a, uint b) => drawn.Add((a, b))));
        Assert.Equal([(x, y)], drawn);
    }

    [Property(QuietOnSuccess = true, Verbose = false, DisplayName = "A property may have a name of its own")]
    public bool Named(byte x) => x <= 255;
}

/// <summary>A class with properties may ask for xunit's output, as any test class may.</summary>
public sealed class FsCheckXunitOutputContractTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [FsCheck.Xunit.Property(MaxTest = 3)]
    public void A_property_writes_to_the_output_that_its_class_was_given(int drawn)
    {
        output.WriteLine($"drew {drawn}");

        Assert.NotNull(output);
    }
}
