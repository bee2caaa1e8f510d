using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

public sealed class PortTableTests
{
    private const PortState Up = PortState.UpWithJumbo;

    /// <summary>The whole table "States": event, from, to. A pair that is not here is refused.</summary>
    private static readonly (PortEvent Happened, PortState[] From, PortState? To)[] Table =
    [
        (PortEvent.Probed, [PortState.Absent], PortState.Down),
        (PortEvent.ProbeFailed, [PortState.Absent], null),
        (PortEvent.Opened, [PortState.Down], Up),
        (PortEvent.OpenFailed, [PortState.Down], null),
        (PortEvent.Closed, [PortState.UpWithFragments, PortState.UpWithProgram, Up, PortState.DetachedUp, PortState.Dead], PortState.Down),
        (PortEvent.Preallocated, [PortState.UpWithFragments, PortState.UpWithProgram, Up, PortState.DetachedUp], null),
        (PortEvent.PreallocationFailed, [PortState.UpWithFragments, PortState.UpWithProgram, Up, PortState.DetachedUp], null),
        (PortEvent.Detached, [PortState.UpWithFragments, PortState.UpWithProgram, Up, PortState.Dead], PortState.DetachedUp),
        (PortEvent.Detached, [PortState.Down], PortState.DetachedDown),
        (PortEvent.Detached, [PortState.DetachedUp, PortState.DetachedDown], null),
        (PortEvent.Attached, [PortState.DetachedUp, PortState.Dead], Up),
        (PortEvent.Attached, [PortState.DetachedDown], PortState.Down),
        (PortEvent.AttachFailed, [PortState.DetachedUp, PortState.DetachedDown], null),
        (PortEvent.Preallocated, [PortState.Dead], PortState.DetachedUp),
        (PortEvent.PreallocationFailed, [PortState.Dead], PortState.DetachedUp),
        (PortEvent.AttachFailed, [PortState.Dead], PortState.DetachedUp),
        (PortEvent.GaveUp, [PortState.DetachedUp, PortState.Dead], PortState.Dead),
        (PortEvent.Removed, [PortState.Down, PortState.UpWithFragments, PortState.UpWithProgram, Up, PortState.DetachedUp, PortState.DetachedDown, PortState.Dead], PortState.Absent),
    ];

    [Fact]
    public void Each_event_leads_where_the_contract_says_and_is_refused_everywhere_else()
    {
        // A target of null stays.
        var legal = Table.SelectMany(row => row.From.Select(from => (row.Happened, from, row.To ?? from))).ToHashSet();
        Assert.Equal(Table.Sum(row => row.From.Length), legal.Count);
        foreach (var happened in Enum.GetValues<PortEvent>())
        {
            foreach (var state in Enum.GetValues<PortState>())
            {
                var expected = legal.Where(row => (row.Happened, row.from) == (happened, state)).Select(row => (PortState?)row.Item3).SingleOrDefault();
                Assert.True(expected == PortTable.Next(state, happened, Up), $"{happened} in {state}: {PortTable.Next(state, happened, Up)}, not {expected}");
            }
        }
    }

    [Theory]
    [InlineData(PortEvent.Opened, PortState.Down)]
    [InlineData(PortEvent.Attached, PortState.DetachedUp)]
    public void The_layout_decides_which_way_a_port_is_up(PortEvent happened, PortState from)
    {
        foreach (var up in (PortState[])[PortState.UpWithFragments, PortState.UpWithProgram, PortState.UpWithJumbo])
        {
            Assert.Equal(up, PortTable.Next(from, happened, up));
        }
    }

    // A row for each request, a column for each state, in the order of the enums: Absent, Down, three times up, DetachedUp, DetachedDown, Dead.
    // . is taken, D is -ENODEV, I is -EINVAL.
    [Theory]
    [InlineData(PortRequest.Probe, ".IIIIIII")]
    [InlineData(PortRequest.Open, "D.IIIIII")]
    [InlineData(PortRequest.Close, "DI....II")]
    [InlineData(PortRequest.SetProgram, "D.......")]
    [InlineData(PortRequest.ClearProgram, "D.......")]
    [InlineData(PortRequest.ChangeMtu, "D.......")]
    [InlineData(PortRequest.ChangeRing, "D.......")]
    [InlineData(PortRequest.ChangeChannels, "D.......")]
    [InlineData(PortRequest.Suspend, "D.......")]
    [InlineData(PortRequest.Resume, "DIIIIIII")]
    [InlineData(PortRequest.Reset, "D.......")]
    [InlineData(PortRequest.Remove, "D.......")]
    public void A_present_port_takes_what_its_state_can_do(PortRequest request, string expected) => AssertRow(request, isPresent: true, expected);

    [Theory]
    [InlineData(PortRequest.Probe, ".IIIIIII")]
    [InlineData(PortRequest.Open, "DDDDDDDD")]
    [InlineData(PortRequest.Close, "DDDDDDDD")]
    [InlineData(PortRequest.SetProgram, "DDDDDDDD")]
    [InlineData(PortRequest.ClearProgram, "DDDDDDDD")]
    [InlineData(PortRequest.ChangeMtu, "DDDDDDDD")]
    [InlineData(PortRequest.ChangeRing, "DDDDDDDD")]
    [InlineData(PortRequest.ChangeChannels, "DDDDDDDD")]
    [InlineData(PortRequest.Suspend, "DIIIIII.")]
    [InlineData(PortRequest.Resume, "DIIII...")]
    [InlineData(PortRequest.Reset, "D.......")]
    [InlineData(PortRequest.Remove, "D.......")]
    public void A_port_that_is_not_present_takes_what_the_system_asks_for(PortRequest request, string expected) => AssertRow(request, isPresent: false, expected);

    private static void AssertRow(PortRequest request, bool isPresent, string expected)
    {
        var row = Enum.GetValues<PortState>().Select(state => PortTable.Refusal(state, isPresent, request) switch
        {
            0 => '.',
            PortOutcome.NoDevice => 'D',
            PortOutcome.Invalid => 'I',
            var other => throw new InvalidOperationException($"{other} is not an error of a state."),
        });
        Assert.Equal(expected, string.Concat(row));
    }
}
