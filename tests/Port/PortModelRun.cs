using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>A step that fails: which one, of which queue, how, and after how many successes.</summary>
internal readonly record struct PortFailure(PortStep Step, PortFault Fault = PortFault.Command, int Queue = 0, int After = 0);

/// <summary>A port on its way through a test.</summary>
internal sealed class PortModelRun
{
    /// <summary>More steps than any request has: with four queues, two attempts of at most 16 and 4 for each queue.</summary>
    public const int StepsMax = 120;

    /// <summary>Two queues of two buffers with fragments of a page, no filter.</summary>
    public static readonly PortConfiguration TwoQueues = new();

    /// <summary>A port that was probed and opened.</summary>
    public PortModelRun(PortConfiguration? configuration = null)
    {
        Assert.Null((configuration ?? TwoQueues).Fault());
        Model = PortModel.Start(configuration ?? TwoQueues);
        PortModelInvariants.AssertAll(Model);
    }

    public PortModelRun(PortModel model) => Model = model;

    public PortModel Model { get; private set; }

    /// <summary>The first queue, which is built.</summary>
    public PortQueueModel Queue => Model.Queues[0]!;

    /// <summary>Does the operations and returns what the last one returned.</summary>
    public PortOutcome Do(params PortOperation[] operations)
    {
        PortOutcome outcome = default;
        foreach (var operation in operations)
        {
            (Model, outcome) = Model.After(operation);
            PortModelInvariants.AssertAll(Model);
        }

        return outcome;
    }

    public PortOutcome Ask(PortRequest request) => Do(PortOperation.Ask(request));

    public bool Allows(PortOperation operation) => Model.Allows(operation);

    /// <summary>Asks, and goes on until the step that comes next is this one.</summary>
    public void AskUntil(PortOperation request, PortStep step, int queue = 0)
    {
        Assert.Equal(default, Do(request));
        GoUntil(step, queue);
    }

    public void GoUntil(PortStep step, int queue = 0)
    {
        for (int done = 0; (Model.NextStep, Model.NextQueue) != (step, queue); done++)
        {
            Assert.InRange(done, 0, StepsMax);
            Do(PortOperation.Step());
        }
    }

    /// <summary>Asks and does all steps, of which these fail in this order. Returns the steps and the result as one line; a step that was to fail has a mark.</summary>
    public string Trace(PortOperation request, params PortFailure[] failures)
    {
        var outcome = Do(request);
        List<string> steps = [];
        int failed = 0;
        while (!outcome.Ended)
        {
            Assert.InRange(steps.Count, 0, StepsMax);
            bool fails = failed < failures.Length && IsNext(failures[failed]);
            string name = NameOfNext();
            steps.Add(fails ? name + "!" : name);
            outcome = Do(fails ? PortOperation.Step(1, failures[failed].Fault, failures[failed].After) : PortOperation.Step());
            failed += fails ? 1 : 0;
        }

        Assert.Equal(failures.Length, failed);
        steps.Add($"= {outcome.Value}");
        return string.Join(' ', steps);
    }

    /// <summary>Asks, does all steps, and returns the result.</summary>
    public int ResultOf(PortOperation request, params PortFailure[] failures) => int.Parse(Trace(request, failures).Split("= ")[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A packet comes and is polled.</summary>
    public PortOutcome Deliver(int queue = 0, ManaVerdict verdict = ManaVerdict.Pass) => Do(PortOperation.Receive(queue, verdict), PortOperation.Poll(queue));

    /// <summary>The step that comes next, with its queue where it is done for each.</summary>
    public string NameOfNext() => Model.NextStep is PortStep.Fence or PortStep.CreateQueue or PortStep.DestroyQueue
        ? $"{Model.NextStep}{Model.NextQueue}"
        : $"{Model.NextStep}";

    /// <summary>What the port is, in a few words.</summary>
    public override string ToString() =>
        $"{Model.State}, {(Model.IsPresent ? "" : "not ")}present, MTU {Model.Mtu}, {Model.QueueCount} x {Model.RingSize}, program {Model.Program}";

    private bool IsNext(PortFailure failure) => (failure.Step, failure.Queue) == (Model.NextStep, Model.NextQueue);
}
