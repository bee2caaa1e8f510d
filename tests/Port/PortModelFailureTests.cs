using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>Every step that can fail, in every request from every start: B.6 with the right rules.</summary>
public sealed class PortModelFailureTests
{
    /// <summary>What docs/port.md calls Attach, of two queues.</summary>
    private const string WholeAttach =
        " InitPort ConfigureVport CreateTransmit SetTransmitCount CreateQueue0 CreateQueue1 SetReceiveCount SetPrograms SteerOn AddFilter AttachDevice";

    private static readonly PortConfiguration WithFilter = PortModelRun.TwoQueues with { HasFilter = true };

    [Theory]
    [InlineData(PortStep.InitPort, 0, "InitPort! Restore")]
    [InlineData(PortStep.ConfigureVport, 0, "ConfigureVport! Restore")]
    [InlineData(PortStep.CreateTransmit, 0, "CreateTransmit! ReleaseVport Restore")]
    [InlineData(PortStep.SetTransmitCount, 0, "SetTransmitCount! DestroyTransmit ReleaseVport Restore")]
    [InlineData(PortStep.CreateQueue, 0, "CreateQueue0! DestroyTransmit ReleaseVport Restore")]
    [InlineData(PortStep.CreateQueue, 1, "CreateQueue1! DestroyQueue0 DestroyTransmit ReleaseVport Restore")]
    [InlineData(PortStep.SetReceiveCount, 0, "SetReceiveCount! DestroyQueue0 DestroyQueue1 DestroyTransmit ReleaseVport Restore")]
    [InlineData(PortStep.SteerOn, 0, "SteerOn! DestroyQueue0 DestroyQueue1 DestroyTransmit ReleaseVport Restore")]
    [InlineData(PortStep.AddFilter, 0, "AddFilter! SteerOff Fence0 Fence1 DestroyQueue0 DestroyQueue1 DestroyTransmit ReleaseVport Restore")]
    public void What_was_done_before_a_failed_step_is_undone_and_the_old_parameters_are_attached(PortStep step, int queue, string expected)
    {
        var run = new PortModelRun(WithFilter);
        var fault = step == PortStep.CreateQueue ? PortFault.Buffer : PortFault.Command;

        string steps = run.Trace(PortOperation.AskForMtu(PortMtu.Largest), new PortFailure(step, fault, queue));

        Assert.Contains($"{expected} InitPort ConfigureVport CreateTransmit SetTransmitCount CreateQueue0 CreateQueue1", steps, StringComparison.Ordinal);
        Assert.EndsWith($"AddFilter AttachDevice FreeList Finish = {(step == PortStep.CreateQueue ? PortOutcome.OutOfMemory : PortOutcome.Failed)}", steps, StringComparison.Ordinal);
        Assert.Equal((1500, PortState.UpWithFragments, true), (run.Model.Mtu, run.Model.State, run.Model.IsPresent));
    }

    [Theory]
    [InlineData(PortFault.Page)]
    [InlineData(PortFault.Mapping)]
    public void A_change_without_memory_ends_at_once_and_touches_nothing(PortFault fault)
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        var before = run.Model;

        Assert.Equal("Preallocate! = -12", run.Trace(PortOperation.Ask(PortRequest.SetProgram), new PortFailure(PortStep.Preallocate, fault, After: 3)));

        // B.6, "old (fixed)"; B.7 #1: the second program is nobody's.
        Assert.Equal(before with { ProgramsAsked = 2 }, run.Model);
        Assert.Equal((3, 0), (run.Model.ReferencesOf(1), run.Model.ReferencesOf(2)));

        // Two queues of two buffers ask for four pages, so there is no fifth to fail.
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.SetProgram), new PortFailure(PortStep.Preallocate, fault, After: 4)));
    }

    [Fact]
    public void A_change_that_fails_twice_leaves_a_present_port_that_the_next_request_mends()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);

        int result = run.ResultOf(PortOperation.AskForRing(other: true), new PortFailure(PortStep.ConfigureVport), new PortFailure(PortStep.CreateQueue, PortFault.Resource, Queue: 1, After: 1));
        Assert.Equal(PortOutcome.Failed, result);
        Assert.Equal("DetachedUp, present, MTU 1500, 2 x 2, program 1", run.ToString());
        Assert.Equal((false, true, false, 0), (run.Model.IsUp, run.Model.WasUp, run.Model.HasArray, run.Model.UseCount));

        Assert.Equal(0, run.ResultOf(PortOperation.AskForRing(other: true)));
        Assert.Equal("UpWithProgram, present, MTU 1500, 2 x 4, program 1", run.ToString());
        Assert.Equal(1, run.Deliver(queue: 1).Delivered);
    }

    [Theory]
    [InlineData(PortStart.SuspendedUp, PortRequest.Resume, true)]
    [InlineData(PortStart.SuspendedUp, PortRequest.Reset, true)]
    [InlineData(PortStart.SuspendedDown, PortRequest.Resume, false)]
    [InlineData(PortStart.SuspendedDown, PortRequest.Reset, false)]
    [InlineData(PortStart.Down, PortRequest.Reset, false)]
    public void A_resume_or_reset_that_fails_makes_no_second_attempt(PortStart start, PortRequest request, bool present)
    {
        var run = PortModelStarts.From(start);

        Assert.EndsWith("InitPort! Finish = -5", run.Trace(PortOperation.Ask(request), new PortFailure(PortStep.InitPort)), StringComparison.Ordinal);
        Assert.Equal((present ? PortState.DetachedUp : PortState.DetachedDown, present), (run.Model.State, run.Model.IsPresent));
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Reset)));
        Assert.Equal(present ? PortState.UpWithFragments : PortState.Down, run.Model.State);
    }

    [Theory]
    [InlineData(PortStep.AllocatePort, "AllocatePort! Finish = -5")]
    [InlineData(PortStep.InitPort, "AllocatePort InitPort! Finish = -5")]
    [InlineData(PortStep.Register, "AllocatePort InitPort Register! Finish = -5")]
    public void A_probe_that_fails_leaves_nothing(PortStep step, string expected)
    {
        var run = PortModelStarts.From(PortStart.Absent);
        var before = run.Model;

        Assert.Equal(expected, run.Trace(PortOperation.Ask(PortRequest.Probe), new PortFailure(step)));
        Assert.Equal(before, run.Model);
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Probe)));
        Assert.Equal("Down, present, MTU 1500, 2 x 2, program 0", run.ToString());
    }

    [Fact]
    public void An_open_that_fails_keeps_the_array_and_can_be_tried_again()
    {
        foreach (var step in (PortStep[])[PortStep.ConfigureVport, PortStep.CreateTransmit, PortStep.SetReceiveCount, PortStep.SteerOn])
        {
            var run = PortModelStarts.From(PortStart.Down);
            Assert.Equal(PortOutcome.Failed, run.ResultOf(PortOperation.Ask(PortRequest.Open), new PortFailure(step)));
            Assert.Equal((PortState.Down, true, false), (run.Model.State, run.Model.HasArray, run.Model.WasUp));
            Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Open)));
        }
    }

    [Fact]
    public void An_open_finds_the_vport_taken_and_fails_without_a_fault()
    {
        var run = PortModelStarts.From(PortStart.Down);
        Assert.Equal(0, run.Do(PortOperation.TakeVport()).Value);

        // Somebody else's vport is seen before any command is sent.
        Assert.Equal("ConfigureVport! Finish = -16", run.Trace(PortOperation.Ask(PortRequest.Open), new PortFailure(PortStep.ConfigureVport)));
        Assert.Equal("ConfigureVport Finish = -16", run.Trace(PortOperation.Ask(PortRequest.Open)));
        run.Do(PortOperation.GiveVport());
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Open)));
    }

    [Fact]
    public void A_device_that_does_not_confirm_delays_no_request_and_changes_no_result()
    {
        foreach (var failure in (PortFailure[])
            [
                new(PortStep.RemoveFilter), new(PortStep.SteerOff), new(PortStep.Fence), new(PortStep.Fence, Queue: 1), new(PortStep.DestroyQueue), new(PortStep.DestroyQueue, Queue: 1),
            ])
        {
            var run = new PortModelRun(WithFilter);
            string without = new PortModelRun(WithFilter).Trace(PortOperation.AskForRing(other: true));
            Assert.Equal(without, run.Trace(PortOperation.AskForRing(other: true), failure).Replace("!", "", StringComparison.Ordinal));
            Assert.Equal(1, run.Deliver().Delivered);
        }
    }

    [Fact]
    public Task Every_failure_in_every_request_from_every_start_ends_as_the_contract_says()
    {
        List<string> lines = [];
        foreach (var start in Enum.GetValues<PortStart>())
        {
            foreach (var request in PortModelStarts.Requests.Where(request => IsAccepted(PortModelStarts.From(start, WithFilter), request)))
            {
                foreach (var failure in FailuresIn(start, request))
                {
                    var run = PortModelStarts.From(start, WithFilter);
                    string steps = run.Trace(request, failure);
                    string tail = steps[steps.IndexOf('!', StringComparison.Ordinal)..].Replace(WholeAttach, " Attach", StringComparison.Ordinal);
                    lines.Add($"{start}, {request.Request}: {NameOf(failure)}{tail}; {run}");
                    AssertRecovers(run.Model);
                }
            }
        }

        return Verify(string.Join('\n', lines));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_any_two_failures_parameters_are_old_or_new_and_the_port_recovers(int queues)
    {
        var configuration = WithFilter with { Queues = queues };
        int done = 0;
        foreach (var start in Enum.GetValues<PortStart>())
        {
            foreach (var request in PortModelStarts.Requests)
            {
                var before = PortModelStarts.From(start, configuration).Model;
                var (world, outcome) = before.After(request);
                if (!outcome.Ended)
                {
                    done += WithFailures(before, world, [], failuresLeft: 2);
                }
            }
        }

        Assert.InRange(done, 1000, 100_000);
    }

    /// <summary>Goes on in every way in which at most so many steps fail, and returns the number of ways.</summary>
    private static int WithFailures(PortModel before, PortModel world, PortFailure[] failures, int failuresLeft)
    {
        int ways = 1;
        var request = world.Request!.Value;
        PortOutcome outcome = default;
        for (int done = 0; !outcome.Ended; done++)
        {
            Assert.InRange(done, 0, PortModelRun.StepsMax);
            foreach (var (fault, after) in failuresLeft > 0 ? FaultsOf(world.NextStep) : [])
            {
                var failure = new PortFailure(world.NextStep, fault, world.NextQueue, after);
                var (next, end) = world.After(PortOperation.Step(1, fault, after));
                ways += end.Ended ? AssertEnd(before, next, request, end.Value, [.. failures, failure]) : WithFailures(before, next, [.. failures, failure], failuresLeft - 1);
            }

            (world, outcome) = world.After(PortOperation.Step());
        }

        AssertEnd(before, world, request, outcome.Value, failures);
        return ways;
    }

    /// <summary>What was asked for is there, or what was there before. One way is one way.</summary>
    private static int AssertEnd(PortModel before, PortModel after, PortRequest request, int result, PortFailure[] failures)
    {
        PortModelInvariants.AssertAll(after);
        if (request.IsChange() && !(result == 0 ? HasNewParameter(after, request) : HasOldParameters(before, after)))
        {
            Assert.Fail($"{before.State}, {request}, {string.Join(", ", failures)}: {result}, {new PortModelRun(after)}");
        }

        AssertRecovers(after);
        return 1;
    }

    /// <summary>Each failure that can strike in a request: tried out on the steps there are.</summary>
    private static List<PortFailure> FailuresIn(PortStart start, PortOperation request)
    {
        var run = PortModelStarts.From(start, WithFilter);
        run.Do(request);
        List<PortFailure> failures = [];
        while (run.Model.Request is not null)
        {
            var (step, queue) = (run.Model.NextStep, run.Model.NextQueue);
            failures.AddRange(FaultsOf(step).Select(fault => new PortFailure(step, fault.Fault, queue, fault.After)));
            run.Do(PortOperation.Step());
        }

        return failures;
    }

    private static (PortFault Fault, int After)[] FaultsOf(PortStep step) => step switch
    {
        PortStep.Preallocate => [(PortFault.Page, 0), (PortFault.Mapping, 1)],
        PortStep.CreateQueue => [(PortFault.Buffer, 1), (PortFault.Resource, 0), (PortFault.Resource, 7)],
        PortStep.InitPort => [(PortFault.Command, 0), (PortFault.Shrink, 0)],
        PortStep.Drain => [(PortFault.Stuck, 0)],
        PortStep.AllocatePort or PortStep.Register or PortStep.ConfigureVport or PortStep.CreateTransmit or PortStep.SetTransmitCount or PortStep.SetReceiveCount
            or PortStep.SteerOn or PortStep.AddFilter or PortStep.RemoveFilter or PortStep.SteerOff or PortStep.Fence or PortStep.DestroyQueue => [(PortFault.Command, 0)],
        _ => [],
    };

    private static bool IsAccepted(PortModelRun run, PortOperation request) => !run.Do(request).Ended;

    /// <summary>Whether nothing asked for is the port's; the adapter may have taken queues away.</summary>
    private static bool HasOldParameters(PortModel before, PortModel after) =>
        (before.Mtu, before.RingSize, before.Program) == (after.Mtu, after.RingSize, after.Program)
        && (after.QueueCount == before.QueueCount || (after.QueueCount == 1 && after.Offered == 1));

    /// <summary>Whether what the request asked for is the port's.</summary>
    private static bool HasNewParameter(PortModel after, PortRequest request) => request switch
    {
        PortRequest.SetProgram => after.Program == after.ProgramsAsked,
        PortRequest.ClearProgram => after.Program == 0,
        PortRequest.ChangeMtu => after.Mtu == after.Configuration.MtuMax,
        PortRequest.ChangeRing => after.RingSize == after.Configuration.OtherRingSize,
        _ => after.QueueCount == 1,
    };

    /// <summary>No dead port: one request, or probing and opening where there is none or it is down, and it receives. When it is removed, nothing is left.</summary>
    private static void AssertRecovers(PortModel world)
    {
        var run = new PortModelRun(world);
        switch (world.State)
        {
            case PortState.Absent:
                Settle(run, PortRequest.Probe);
                break;
            case PortState.DetachedDown:
                Settle(run, PortRequest.Resume);
                break;
            case PortState.DetachedUp:
                Settle(run, world.IsPresent ? PortRequest.Reset : PortRequest.Resume);
                break;
        }

        if (run.Model.State == PortState.Down)
        {
            Settle(run, PortRequest.Open);
        }

        Assert.True(PortTable.IsUp(run.Model.State));
        Assert.Equal(1, run.Deliver(run.Model.QueueCount - 1).Delivered);
        Settle(run, PortRequest.Remove);
        Assert.Equal((PortState.Absent, 0, false), (run.Model.State, run.Model.UseCount, run.Model.HasArray));
    }

    private static void Settle(PortModelRun run, PortRequest request) => run.Do(PortOperation.Ask(request), PortOperation.Settle());

    private static string NameOf(PortFailure failure) =>
        $"{failure.Step}{(failure.Step is PortStep.Fence or PortStep.CreateQueue or PortStep.DestroyQueue ? $"{failure.Queue}" : "")} {failure.Fault}{(failure.After > 0 ? $" {failure.After}" : "")}";
}
