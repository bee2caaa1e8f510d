using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>docs/port.md, "Requests": who is refused, what is done with at once, and the steps of the others.</summary>
public sealed class PortModelRequestTests
{
    private const string Deallocate = "StopTransmit Drain SteerOff Fence0 Fence1 DestroyQueue0 DestroyQueue1 DestroyTransmit ReleaseVport";
    private const string Allocate = "ConfigureVport CreateTransmit SetTransmitCount CreateQueue0 CreateQueue1 SetReceiveCount SetPrograms SteerOn";
    private const string AttachUp = "InitPort " + Allocate + " AttachDevice";

    [Fact]
    public void A_run_begins_with_a_port_that_was_probed_and_opened()
    {
        var world = new PortModelRun().Model;

        Assert.Equal((PortState.UpWithFragments, true, false, true), (world.State, world.IsUp, world.WasUp, world.IsPresent));
        Assert.Equal((1500, 2, 2, 0), (world.Mtu, world.RingSize, world.QueueCount, world.Program));
        Assert.Equal((true, 1, true, 2), (world.HasArray, world.UseCount, world.IsSteering, world.Offered));
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(world.IsInFlight));
        Assert.All(world.Queues[..2], queue => Assert.Equal((0, false, 0, 2), (queue!.Program, queue.Foreign.Contains(true), queue.Pending, queue.Visible)));
        Assert.Equal((0, 0), (world.PacketsReceived, world.ProgramsAsked));
    }

    [Theory]
    [InlineData(PortStart.Absent, PortRequest.Probe, "AllocatePort InitPort Register Finish = 0")]
    [InlineData(PortStart.Down, PortRequest.Open, Allocate + " Finish = 0")]
    [InlineData(PortStart.DownWithoutArray, PortRequest.Open, "InitPort " + Allocate + " Finish = 0")]
    [InlineData(PortStart.UpWithProgram, PortRequest.Close, Deallocate + " Finish = 0")]
    [InlineData(PortStart.FailedUp, PortRequest.Close, "Finish = 0")]
    [InlineData(PortStart.UpWithFragments, PortRequest.SetProgram, "Preallocate " + Deallocate + " DetachDevice Store " + AttachUp + " FreeList Finish = 0")]
    [InlineData(PortStart.UpWithProgram, PortRequest.ClearProgram, "Preallocate " + Deallocate + " DetachDevice Store " + AttachUp + " FreeList Finish = 0")]
    [InlineData(PortStart.UpWithJumbo, PortRequest.ChangeRing, "Preallocate " + Deallocate + " DetachDevice Store " + AttachUp + " FreeList Finish = 0")]
    [InlineData(PortStart.FailedUp, PortRequest.ChangeMtu, "Preallocate Store " + AttachUp + " FreeList Finish = 0")]
    [InlineData(PortStart.Down, PortRequest.SetProgram, "Store Finish = 0")]
    [InlineData(PortStart.UpWithFragments, PortRequest.Suspend, Deallocate + " DetachDevice Finish = 0")]
    [InlineData(PortStart.FailedUp, PortRequest.Suspend, "DetachDevice Finish = 0")]
    [InlineData(PortStart.Down, PortRequest.Suspend, "DetachDevice Finish = 0")]
    [InlineData(PortStart.SuspendedUp, PortRequest.Resume, AttachUp + " Finish = 0")]
    [InlineData(PortStart.SuspendedDown, PortRequest.Resume, "InitPort AttachDevice Finish = 0")]
    [InlineData(PortStart.UpWithFragments, PortRequest.Reset, Deallocate + " DetachDevice ResetDevice " + AttachUp + " Finish = 0")]
    [InlineData(PortStart.FailedUp, PortRequest.Reset, "DetachDevice ResetDevice " + AttachUp + " Finish = 0")]
    [InlineData(PortStart.SuspendedUp, PortRequest.Reset, "DetachDevice ResetDevice " + AttachUp + " Finish = 0")]
    [InlineData(PortStart.SuspendedDown, PortRequest.Reset, "DetachDevice ResetDevice InitPort AttachDevice Finish = 0")]
    [InlineData(PortStart.Down, PortRequest.Reset, "DetachDevice ResetDevice InitPort AttachDevice Finish = 0")]
    [InlineData(PortStart.UpWithJumbo, PortRequest.Remove, Deallocate + " Unregister Finish = 0")]
    [InlineData(PortStart.Down, PortRequest.Remove, "Unregister Finish = 0")]
    [InlineData(PortStart.SuspendedUp, PortRequest.Remove, "Unregister Finish = 0")]
    public void Each_request_consists_of_its_steps(PortStart start, PortRequest request, string steps) =>
        Assert.Equal(steps, PortModelStarts.From(start).Trace(RequestOf(request)));

    [Fact]
    public void The_number_of_steps_follows_the_number_of_queues_of_either_side_of_a_change()
    {
        var run = new PortModelRun();

        string steps = run.Trace(PortOperation.AskForQueues(1));
        Assert.Contains("Fence0 Fence1 DestroyQueue0 DestroyQueue1 DestroyTransmit", steps, StringComparison.Ordinal);
        Assert.Contains("SetTransmitCount CreateQueue0 SetReceiveCount", steps, StringComparison.Ordinal);
        Assert.Contains("Fence0 DestroyQueue0 DestroyTransmit", run.Trace(PortOperation.AskForQueues(2)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_physical_function_has_a_filter_to_remove_and_to_add()
    {
        string steps = PortModelStarts.From(PortStart.UpWithFragments, PortModelRun.TwoQueues with { HasFilter = true }).Trace(PortOperation.Ask(PortRequest.Reset));

        Assert.StartsWith("StopTransmit RemoveFilter Drain", steps, StringComparison.Ordinal);
        Assert.EndsWith("SteerOn AddFilter AttachDevice Finish = 0", steps, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_request_from_every_start_is_refused_by_the_table_or_ends_with_0()
    {
        foreach (var start in Enum.GetValues<PortStart>())
        {
            foreach (var request in PortModelStarts.Requests)
            {
                var run = PortModelStarts.From(start);
                int refusal = PortTable.Refusal(run.Model.State, run.Model.IsPresent, request.Request);
                var before = run.Model;
                Assert.True(refusal == run.ResultOf(request), $"{request.Request} from {start}");
                if (refusal != 0)
                {
                    AssertUnchanged(before, run.Model);
                }
            }
        }
    }

    [Fact]
    public void What_is_refused_changes_nothing_and_a_refused_program_is_freed()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram, PortModelRun.TwoQueues with { MtuMax = 4000 });
        var before = run.Model;

        // A page of 4096 bytes holds an MTU of 4096 - 334 - 256 = 3506 with a program (B.1), which is less than the adapter's (B.7 #11).
        Assert.Equal(PortOutcome.Invalid, run.ResultOf(PortOperation.AskForMtu(PortMtu.Largest)));
        Assert.Equal(PortOutcome.Invalid, run.ResultOf(PortOperation.AskForQueues(0)));
        Assert.Equal(PortOutcome.Invalid, run.ResultOf(PortOperation.AskForQueues(3)));
        Assert.Equal(PortOutcome.Invalid, run.ResultOf(PortOperation.Ask(PortRequest.Open)));
        AssertUnchanged(before, run.Model);

        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.ClearProgram)));
        Assert.Equal(0, run.ResultOf(PortOperation.AskForMtu(PortMtu.Largest)));
        Assert.Equal(PortOutcome.NotSupported, run.ResultOf(PortOperation.Ask(PortRequest.SetProgram)));
        Assert.Equal((2, 0), (run.Model.ProgramsAsked, run.Model.ReferencesOf(2)));
    }

    [Fact]
    public void With_a_program_the_adapters_limit_holds_too()
    {
        // On pages of 64K a program would go with an MTU of 64946, of which the adapter knows nothing (B.7 #11).
        var run = PortModelStarts.From(PortStart.UpWithProgram, PortModelRun.TwoQueues with { PageSize = 65536 });

        Assert.Equal(PortOutcome.Invalid, run.ResultOf(PortOperation.AskForMtu(PortMtu.TooLarge)));
        Assert.Equal(0, run.ResultOf(PortOperation.AskForMtu(PortMtu.Largest)));
        Assert.Equal((2048, PortState.UpWithProgram), (run.Model.Mtu, run.Model.State));
    }

    [Fact]
    public void What_is_so_already_ends_at_once()
    {
        var run = new PortModelRun();
        var before = run.Model;
        foreach (var request in (PortOperation[])[PortOperation.AskForMtu(PortMtu.Standard), PortOperation.AskForRing(other: false), PortOperation.AskForQueues(2), PortOperation.Ask(PortRequest.ClearProgram)])
        {
            Assert.Equal(new PortOutcome(0, 0, Ended: true), run.Do(request));
            AssertUnchanged(before, run.Model);
        }
    }

    [Fact]
    public void A_request_that_is_accepted_has_not_ended_and_nothing_else_begins_meanwhile()
    {
        var run = new PortModelRun();

        Assert.Equal(new PortOutcome(0, 0, Ended: false), run.Ask(PortRequest.Reset));
        Assert.Equal((PortRequest.Reset, PortStep.StopTransmit, 0), (run.Model.Request, run.Model.NextStep, run.Model.NextQueue));
        Assert.False(run.Allows(PortOperation.Ask(PortRequest.Close)));
    }

    [Fact]
    public void Several_steps_are_done_together_and_the_last_one_can_fail()
    {
        var run = PortModelStarts.From(PortStart.Down);
        run.Ask(PortRequest.Open);

        // ConfigureVport, CreateTransmit, SetTransmitCount.
        Assert.Equal(new PortOutcome(0, 0, Ended: false), run.Do(PortOperation.Step(3, PortFault.Command)));
        Assert.Equal(PortStep.DestroyTransmit, run.Model.NextStep);
        // DestroyTransmit, ReleaseVport, Finish; a failure behind the end of the request is none.
        Assert.Equal(new PortOutcome(PortOutcome.Failed, 0, Ended: true), run.Do(PortOperation.Step(9, PortFault.Command)));
        Assert.Equal(PortState.Down, run.Model.State);
    }

    /// <summary>The request with what every start but that of its own result does not have.</summary>
    private static PortOperation RequestOf(PortRequest request) => PortModelStarts.Requests.Single(operation => operation.Request == request);

    private static void AssertUnchanged(PortModel before, PortModel after) => Assert.Equal(before with { ProgramsAsked = after.ProgramsAsked }, after);
}
