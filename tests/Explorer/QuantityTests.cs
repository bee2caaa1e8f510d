using RxVerify.Explorer;

namespace RxVerify.Tests.Explorer;

public class QuantityTests
{
    [Theory]
    [InlineData(0.1, "0.1ms")]
    [InlineData(500, "500ms")]
    [InlineData(1_500, "1,500ms")]
    [InlineData(90_000, "90s")]
    [InlineData(120_000, "2m")]
    [InlineData(5_400_000, "90m")]
    [InlineData(86_400_000, "24h")]
    public void A_time_is_told_in_the_largest_unit_that_it_is_a_whole_number_of(double milliseconds, string told) =>
        Assert.Equal(told, Quantity.Of(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(1, "1 byte")]
    [InlineData(1_500, "1,500 bytes")]
    [InlineData((100 << 20) + 1, "104,857,601 bytes")]
    [InlineData(100 << 20, "100 MiB")]
    public void Memory_is_told_in_MiB_where_it_is_a_whole_number_of_them(long bytes, string told) =>
        Assert.Equal(told, Quantity.OfMemory(bytes));

    [Fact]
    public void One_thing_is_not_many_and_none_are() =>
        Assert.Equal(
            "0 references are, 1 reference is, 1,000 references are",
            string.Join(", ", ((long[])[0, 1, 1_000]).Select(number => Quantity.Of(number, "reference is", "references are"))));

    [Fact]
    public void A_loop_of_one_step_repeats_and_longer_ones_repeat_in_the_words_of_a_story()
    {
        var one = BreadthFirst.Explore(() => new Pump(top: 4, stuck: 2, hasJug: true), new ExploreOptions { KeepsGraph = true });
        var three = BreadthFirst.Explore(() => new Pump(top: 4, stuck: 2, circle: 3, hasJug: true), new ExploreOptions { KeepsGraph = true });

        Assert.Equal("the last step repeats for ever and does not fill the tank", one.Problem?.Detail);
        Assert.Equal("the last 3 steps repeat for ever and do not fill the tank", three.Problem?.Detail);
    }
}
