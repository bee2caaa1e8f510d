using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>The machine of a port as two plain tables: docs/port.md, "States", and "Requests", 1 to 3.</summary>
public static class PortTable
{
    /// <summary>Where an event takes a port, or null when it cannot happen there.</summary>
    /// <param name="state">Where the port is.</param>
    /// <param name="happened">What happens.</param>
    /// <param name="upState">The way of being up that the layout gives; read where the event leads up.</param>
    public static PortState? Next(PortState state, PortEvent happened, PortState upState) => (happened, state) switch
    {
        // What brings a detached port back brings back a dead one.
        (_, PortState.Dead) => Next(PortState.DetachedUp, happened, upState),
        (PortEvent.Probed, PortState.Absent) => PortState.Down,
        (PortEvent.ProbeFailed, PortState.Absent) => PortState.Absent,
        (PortEvent.Opened, PortState.Down) => upState,
        (PortEvent.OpenFailed, PortState.Down) => PortState.Down,
        (PortEvent.Closed, PortState.DetachedUp) => PortState.Down,
        (PortEvent.Closed, _) when IsUp(state) => PortState.Down,
        (PortEvent.Preallocated or PortEvent.PreallocationFailed, PortState.DetachedUp) => state,
        (PortEvent.Preallocated or PortEvent.PreallocationFailed, _) when IsUp(state) => state,
        (PortEvent.Detached, PortState.Down or PortState.DetachedDown) => PortState.DetachedDown,
        (PortEvent.Detached, PortState.DetachedUp) => PortState.DetachedUp,
        (PortEvent.Detached, _) when IsUp(state) => PortState.DetachedUp,
        (PortEvent.Attached, PortState.DetachedUp) => upState,
        (PortEvent.Attached, PortState.DetachedDown) => PortState.Down,
        (PortEvent.AttachFailed, PortState.DetachedUp or PortState.DetachedDown) => state,
        (PortEvent.GaveUp, PortState.DetachedUp) => PortState.Dead,
        (PortEvent.Removed, not PortState.Absent) => PortState.Absent,
        _ => null,
    };

    /// <summary>0 when a state takes a request, else the error with which it is refused whatever is asked for in particular.</summary>
    /// <param name="state">Where the port is.</param>
    /// <param name="isPresent">Whether its net device is attached.</param>
    /// <param name="request">What is asked for.</param>
    public static int Refusal(PortState state, bool isPresent, PortRequest request)
    {
        if (state == PortState.Absent)
        {
            return request == PortRequest.Probe ? 0 : PortOutcome.NoDevice;
        }

        if (!isPresent && (request.IsChange() || request is PortRequest.Open or PortRequest.Close))
        {
            return PortOutcome.NoDevice;
        }

        bool takes = request switch
        {
            PortRequest.Probe => false,
            PortRequest.Open => state == PortState.Down,
            PortRequest.Close => IsUp(state) || state == PortState.DetachedUp,
            PortRequest.Resume => !isPresent && state is PortState.DetachedUp or PortState.DetachedDown or PortState.Dead,
            PortRequest.Suspend => isPresent || state == PortState.Dead,
            _ => true,
        };
        return takes ? 0 : PortOutcome.Invalid;
    }

    /// <summary>Whether a port in this state is open and live.</summary>
    /// <param name="state">Where the port is.</param>
    public static bool IsUp(PortState state) => state is PortState.UpWithFragments or PortState.UpWithProgram or PortState.UpWithJumbo;

    /// <summary>Whether the program is what is changed (B.4.11).</summary>
    /// <param name="request">What is asked for.</param>
    public static bool ChangesProgram(PortRequest request) => request is PortRequest.SetProgram or PortRequest.ClearProgram;
}
