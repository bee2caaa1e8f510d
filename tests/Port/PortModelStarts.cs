using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>Every state in which a request can begin, and how a port comes there.</summary>
public enum PortStart
{
    Absent,
    Down,
    DownWithoutArray,
    UpWithFragments,
    UpWithProgram,
    UpWithJumbo,
    SuspendedUp,
    SuspendedDown,
    FailedUp,
}

/// <summary>Ports that are about to be asked for something.</summary>
internal static class PortModelStarts
{
    /// <summary>The requests, each with an argument that is taken from every start that has the standard parameters.</summary>
    public static readonly PortOperation[] Requests =
    [
        PortOperation.Ask(PortRequest.Probe), PortOperation.Ask(PortRequest.Open), PortOperation.Ask(PortRequest.Close), PortOperation.Ask(PortRequest.SetProgram),
        PortOperation.Ask(PortRequest.ClearProgram), PortOperation.AskForMtu(PortMtu.Largest), PortOperation.AskForRing(other: true), PortOperation.AskForQueues(1),
        PortOperation.Ask(PortRequest.Suspend), PortOperation.Ask(PortRequest.Resume), PortOperation.Ask(PortRequest.Reset), PortOperation.Ask(PortRequest.Remove),
    ];

    public static PortModelRun From(PortStart start, PortConfiguration? configuration = null)
    {
        var run = new PortModelRun(configuration);
        switch (start)
        {
            case PortStart.Absent:
                run.ResultOf(PortOperation.Ask(PortRequest.Remove));
                break;
            case PortStart.Down:
                run.ResultOf(PortOperation.Ask(PortRequest.Close));
                break;
            case PortStart.DownWithoutArray:
                Fail(run);
                run.ResultOf(PortOperation.Ask(PortRequest.Close));
                break;
            case PortStart.UpWithProgram:
                run.ResultOf(PortOperation.Ask(PortRequest.SetProgram));
                break;
            case PortStart.UpWithJumbo:
                run.ResultOf(PortOperation.AskForMtu(PortMtu.Largest));
                break;
            case PortStart.SuspendedUp:
                run.ResultOf(PortOperation.Ask(PortRequest.Suspend));
                break;
            case PortStart.SuspendedDown:
                run.ResultOf(PortOperation.Ask(PortRequest.Close));
                run.ResultOf(PortOperation.Ask(PortRequest.Suspend));
                break;
            case PortStart.FailedUp:
                Fail(run);
                break;
        }

        return run;
    }

    /// <summary>A reset after which the port could not be attached.</summary>
    private static void Fail(PortModelRun run) => Assert.Equal(PortOutcome.Failed, run.ResultOf(PortOperation.Ask(PortRequest.Reset), new PortFailure(PortStep.InitPort)));
}
