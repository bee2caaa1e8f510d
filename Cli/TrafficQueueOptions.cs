using System.CommandLine;
using RxVerify.Properties;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>The options of the verb traffic that describe the queue of one scheme; their names are those of the configuration.</summary>
internal abstract class TrafficQueueOptions
{
    /// <summary>The scheme.</summary>
    public abstract Scheme Scheme { get; }

    /// <summary>The options that mean something for this scheme only.</summary>
    public abstract IReadOnlyList<Option> Own { get; }

    /// <summary>The queue, its driver and its readers as asked.</summary>
    public abstract TrafficOptions Of(ParseResult parsed, TrafficSharedOptions shared);

    /// <summary>Refuses options of this scheme when another one was asked for.</summary>
    public void Refuse(ParseResult parsed)
    {
        if (Own.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } foreign)
        {
            throw new BadInputException($"{foreign.Name} is for {Scheme.Name}; expected it with --scheme {Scheme.Name}");
        }
    }
}
