using RxVerify.Properties;

namespace RxVerify.Tests.EveryScheme;

/// <summary>A scheme that the tests of every scheme are run on, as a type argument.</summary>
public interface ITestedScheme
{
    /// <summary>The scheme, drawing everything it can.</summary>
    static abstract Scheme Scheme { get; }

    /// <summary>Its folder among the tests, with Stories and Corpus inside.</summary>
    static abstract string Folder { get; }
}
