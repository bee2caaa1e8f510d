using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>What the enumeration of all failures found.</summary>
/// <param name="Result">What broke, if anything did, and what happened.</param>
/// <param name="Requests">Requests that were accepted, each from one beginning, without a failure.</param>
/// <param name="OneFailure">Runs with one failure.</param>
/// <param name="TwoFailures">Runs with two.</param>
/// <param name="Silent">Runs after which the port could not be brought up, or did not receive.</param>
public sealed record PortMatrixResult(FuzzResult<PortConfiguration, PortOperation> Result, long Requests, long OneFailure, long TwoFailures, long Silent)
{
    /// <summary>All runs.</summary>
    public long Runs => Requests + OneFailure + TwoFailures;
}

/// <summary>
/// Every request from every kind of port, with a failure in each step that can fail, and then with a second failure in each step that
/// follows, rollback and undoing included. Each is followed by packets and by one more request, which has to succeed. Nothing is drawn.
/// </summary>
public sealed class PortMatrix
{
    private const int AllSteps = byte.MaxValue;
    private const int FailuresMax = 2;

    // A port that slept while it was closed is resumed and opened.
    private const int RequestsToBringUp = 3;

    // Attaching with the old parameters fails too: the port is without queues.
    private const int AttemptsToAttach = 2;

    // A packet held, and another waiting; with a program also one that is being sent back.
    private static readonly PortOperation[] Traffic = [PortOperation.Receive(), PortOperation.Poll(), PortOperation.Receive(0, ManaVerdict.Drop)];
    private static readonly PortOperation[] TrafficOfProgram = [PortOperation.Receive(0, ManaVerdict.Tx), PortOperation.Poll(), .. Traffic];

    private static readonly PortOperation[] Asked =
    [
        .. Enum.GetValues<PortRequest>().Except([PortRequest.ChangeMtu, PortRequest.ChangeRing, PortRequest.ChangeChannels]).Select(PortOperation.Ask),
        PortOperation.AskForMtu(PortMtu.Standard), PortOperation.AskForMtu(PortMtu.Largest),
        PortOperation.AskForRing(other: false), PortOperation.AskForRing(other: true),
        PortOperation.AskForQueues(1), PortOperation.AskForQueues(2),
    ];

    private readonly PortConfiguration _configuration;
    private readonly FuzzOptions _options;
    private readonly PortCoverage _coverage = new();
    private readonly CancellationToken _cancellation;
    private readonly List<PortOperation> _done = [];
    private readonly long[] _runs = new long[FailuresMax + 1];
    private readonly PortRun _run;
    private Failure<PortConfiguration, PortOperation>? _failure;
    private long _silent;

    private PortMatrix(PortConfiguration configuration, FuzzOptions options, CancellationToken cancellation)
    {
        _configuration = configuration;
        _options = options;
        _cancellation = cancellation;
        _run = PortScheme.All.NewRun(options.Defect, configuration, options.Claims, options.WithModel, _coverage);
    }

    private bool IsOver => _failure is not null || _cancellation.IsCancellationRequested;

    /// <summary>Whether more can be stepped: a wrong access that breaks a claim nobody asked for ends its run only.</summary>
    private bool GoesOn => !IsOver && _run.Finding is null;

    /// <summary>Enumerates them all, until a claim breaks.</summary>
    /// <param name="configuration">The port; with one or two queues this takes seconds.</param>
    /// <param name="options">The planted mistake, the claims, and whether the model runs along; nothing is drawn, so seed and operations mean nothing.</param>
    /// <param name="cancellation">Ends it early; what was learnt so far is returned.</param>
    public static PortMatrixResult Enumerate(PortConfiguration configuration, FuzzOptions options, CancellationToken cancellation = default)
    {
        var matrix = new PortMatrix(configuration, options, cancellation);
        using (matrix._run)
        {
            foreach (var beginning in matrix.Beginnings())
            {
                foreach (var asked in Asked)
                {
                    matrix.Fail([.. beginning, asked], failures: 0);
                }
            }
        }

        var result = new FuzzResult<PortConfiguration, PortOperation>(PortScheme.All, options, matrix._failure, 0, matrix._coverage, cancellation.IsCancellationRequested);
        return new PortMatrixResult(result, matrix._runs[0], matrix._runs[1], matrix._runs[2], matrix._silent);
    }

    /// <summary>Ports of every kind, each with a packet held and another waiting where it has queues.</summary>
    private IEnumerable<PortOperation[]> Beginnings()
    {
        PortOperation[] open = [.. Traffic];
        var withProgram = Then(Then([], PortOperation.Ask(PortRequest.SetProgram)), TrafficOfProgram);
        yield return open;
        yield return withProgram;
        yield return Then(Then([], PortOperation.AskForMtu(PortMtu.Largest)), Traffic);
        yield return Then(open, PortOperation.Ask(PortRequest.Close));
        yield return Then(withProgram, PortOperation.Ask(PortRequest.Close));
        yield return Then(open, PortOperation.Ask(PortRequest.Suspend));
        yield return Then(withProgram, PortOperation.Ask(PortRequest.Suspend));
        yield return Then(Then(open, PortOperation.Ask(PortRequest.Close)), PortOperation.Ask(PortRequest.Suspend));
        yield return WithoutQueues(withProgram);
        yield return Then(open, PortOperation.Ask(PortRequest.Remove));
    }

    private static PortOperation[] Then(PortOperation[] first, PortOperation request) => [.. first, request, PortOperation.Step(AllSteps)];

    private static PortOperation[] Then(PortOperation[] first, PortOperation[] next) => [.. first, .. next];

    /// <summary>A port that lost its queues: a change failed, and so did attaching with the old parameters.</summary>
    private PortOperation[] WithoutQueues(PortOperation[] first)
    {
        Replay([.. first, PortOperation.AskForRing(other: true)]);
        for (int attempt = 0; attempt < AttemptsToAttach; attempt++)
        {
            while (GoesOn && _run.World.Driver is { Request: not null, NextStep: not PortStep.InitPort })
            {
                Step(PortOperation.Step());
            }

            Step(PortOperation.Step(1, PortFault.Command));
        }

        Step(PortOperation.Step(AllSteps));
        return [.. _done];
    }

    /// <summary>Runs what is given to its end without a further failure, and then once more for each failure that can follow.</summary>
    private void Fail(PortOperation[] given, int failures)
    {
        if (IsOver)
        {
            return;
        }

        Replay(given);
        if (failures > 0 && !_run.World.Faults.HasStruck)
        {
            // There was nothing left to fail: no page so far down the list, no transmission to wait for, a device that was reset.
            return;
        }

        var steps = new List<PortStep>();
        while (GoesOn && _run.World.Driver.Request is not null)
        {
            steps.Add(_run.World.Driver.NextStep);
            Step(PortOperation.Step());
        }

        // Refused, or nothing to do: that is a run of fuzzing, and no row of this matrix.
        if (failures == 0 && steps.Count == 0)
        {
            return;
        }

        _runs[failures]++;
        Live();

        for (int step = 0; step < steps.Count && failures < FailuresMax; step++)
        {
            PortOperation[] before = step == 0 ? given : [.. given, PortOperation.Step(step)];
            foreach (var failing in Failing(steps[step]))
            {
                Fail([.. before, failing], failures + 1);
            }
        }
    }

    /// <summary>What a port has to live through after the request: packets, one more request in which nothing fails, and its removal.</summary>
    private void Live()
    {
        Receive();
        Step(PortOperation.Settle(keepsHeld: true));
        Step(PortOperation.Settle());
        BringUp();
        if (!Receive() && GoesOn)
        {
            _silent++;
        }

        Step(PortOperation.Ask(PortRequest.Remove));
        Step(PortOperation.Step(AllSteps));
        Step(PortOperation.Settle());
    }

    /// <summary>One request that has something to do, and the others that an absent, closed or sleeping port needs before it is up.</summary>
    private void BringUp()
    {
        var driver = _run.World.Driver;
        for (int requests = 0; requests < RequestsToBringUp && (requests == 0 || !driver.IsUp); requests++)
        {
            Step(driver.State switch
            {
                PortState.Absent => PortOperation.Ask(PortRequest.Probe),
                PortState.Down => PortOperation.Ask(PortRequest.Open),
                _ when !driver.IsPresent => PortOperation.Ask(PortRequest.Resume),
                _ => PortOperation.AskForRing(other: driver.RingSize == _configuration.RingSize),
            });
            Step(PortOperation.Step(AllSteps));
        }
    }

    /// <summary>Each queue gets a packet and is polled; returns whether all were handed up.</summary>
    private bool Receive()
    {
        long delivered = _run.World.Stack.Delivered;
        int queues = _run.World.Driver.QueueCount;
        for (int queue = 0; queue < queues; queue++)
        {
            Step(PortOperation.Receive(queue));
            Step(PortOperation.Poll(queue));
        }

        return queues > 0 && _run.World.Stack.Delivered == delivered + queues;
    }

    /// <summary>All ways in which a step can fail.</summary>
    private IEnumerable<PortOperation> Failing(PortStep step)
    {
        foreach (var fault in PortGenerator.FaultsOf(step).ToArray())
        {
            int buffers = _configuration.RingSizeMax;
            IEnumerable<int> after = fault switch
            {
                PortFault.Page or PortFault.Mapping => Enumerable.Range(0, buffers * _configuration.Queues),
                PortFault.Buffer => Enumerable.Range(0, buffers),
                PortFault.Resource => ManaCreation.StepsThatFail.ToArray(),
                _ => [0],
            };
            foreach (int successes in after)
            {
                yield return PortOperation.Step(1, fault, successes);
            }
        }
    }

    private void Replay(ReadOnlySpan<PortOperation> operations)
    {
        _done.Clear();
        _run.Restart();
        foreach (var operation in operations)
        {
            Step(operation);
        }
    }

    private void Step(PortOperation operation)
    {
        if (!GoesOn || !_run.Allows(operation))
        {
            return;
        }

        _done.Add(operation);
        _run.Step(operation);
        if (_run.Finding is { } finding && _options.Claims.Contains(finding.Claim))
        {
            _failure = new Failure<PortConfiguration, PortOperation>(_configuration, [.. _done], finding);
        }
    }
}
