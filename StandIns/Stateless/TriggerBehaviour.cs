using Stateless.Reflection;

namespace Stateless;

/// <summary>What a trigger does.</summary>
internal enum BehaviourKind
{
    Fixed,
    Dynamic,
    Reentry,
    Internal,
    Ignore,
}

/// <summary>A condition and its words.</summary>
internal sealed record Guard(Func<bool> Holds, InvocationInfo Method)
{
    public static Guard Of(Func<bool> guard, string? description)
    {
        ArgumentNullException.ThrowIfNull(guard);
        return new Guard(guard, new InvocationInfo(guard.Method.Name, description));
    }

    public static Guard[] Of(Tuple<Func<bool>, string>[] guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        return [.. guards.Select(guard => Of(guard.Item1, guard.Item2))];
    }
}

/// <summary>One thing that a trigger does in a state.</summary>
internal sealed record TriggerBehaviour<TState, TTrigger>(TTrigger Trigger, BehaviourKind Kind, IReadOnlyList<Guard> Guards)
    where TState : notnull
    where TTrigger : notnull
{
    public Func<TState> Destination { get; init; } = static () => throw new InvalidOperationException("An ignored trigger leads nowhere.");

    public Action<StateMachine<TState, TTrigger>.Transition>? Action { get; init; }

    public InvocationInfo? Selector { get; init; }

    public DynamicStateInfos? PossibleDestinations { get; init; }

    public bool IsPermitted => Guards.All(guard => guard.Holds());
}
