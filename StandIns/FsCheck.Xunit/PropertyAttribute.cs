using System.Diagnostics.CodeAnalysis;
using Xunit;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>Runs a method as an FsCheck property: its arguments are generated, and a failing case is shrunk.</summary>
/// <remarks>The method returns void, bool, <see cref="Property"/> or a task of these. What is not set here comes from the
/// <see cref="PropertiesAttribute"/> of the class, then of the assembly, then from FsCheck's own defaults.</remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
[XunitTestCaseDiscoverer("FsCheck.Xunit.PropertyDiscoverer", "FsCheck.Xunit")]
[SuppressMessage("Performance", "CA1813:Avoid unsealed attributes", Justification = "PropertiesAttribute derives from it, as in the package.")]
[SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "An attribute argument can only be an array.")]
public class PropertyAttribute : FactAttribute
{
    /// <summary>Repeats a run: "seed,gamma" the whole of it, "seed,gamma,size" one case; parentheses around it are allowed.</summary>
    [DisallowNull]
    public string? Replay { get; set; }

    /// <summary>How many cases have to pass. Default 100.</summary>
    public int MaxTest { get => Settings.MaxTest ?? Config.Default.MaxTest; set => Settings.MaxTest = value; }

    /// <summary>How many cases may be rejected by a precondition before the property counts as exhausted. Default 1000.</summary>
    public int MaxRejected { get => Settings.MaxRejected ?? Config.Default.MaxRejected; set => Settings.MaxRejected = value; }

    /// <summary>Size of the first case. Default 1.</summary>
    public int StartSize { get => Settings.StartSize ?? Config.Default.StartSize; set => Settings.StartSize = value; }

    /// <summary>Size of the last case; in between it grows evenly. Default 100.</summary>
    public int EndSize { get => Settings.EndSize ?? Config.Default.EndSize; set => Settings.EndSize = value; }

    /// <summary>True: the arguments of every case and of every successful shrink go to the test's output.</summary>
    public bool Verbose { get => Settings.Verbose ?? false; set => Settings.Verbose = value; }

    /// <summary>True: a property that holds writes nothing.</summary>
    public bool QuietOnSuccess { get => Settings.QuietOnSuccess ?? false; set => Settings.QuietOnSuccess = value; }

    /// <summary>Number of threads to check cases on. Default: the test's own.</summary>
    public int Parallelism { get => Settings.Parallelism ?? 1; set => Settings.Parallelism = value; }

    /// <summary>Types whose static members are the generators to use; where two make the same type, the first type wins.</summary>
    public Type[] Arbitrary { get; set; } = [];

    /// <summary>What was set, told apart from what has its default value.</summary>
    internal PropertySettings Settings { get; } = new();
}

/// <summary>Sets what all properties of a class or an assembly have in common; each property may still differ.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Assembly, AllowMultiple = false)]
public sealed class PropertiesAttribute : PropertyAttribute;
