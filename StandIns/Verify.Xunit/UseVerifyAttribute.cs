using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>
/// Remembers which test is running, since a snapshot is named after it. StandIns.targets puts it on the test assembly, as the package's build
/// files do, so a test class needs nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> Running = new();

    /// <summary>The test method that the current flow of execution belongs to.</summary>
    internal static MethodInfo Current => Running.Value
        ?? throw new InvalidOperationException("Verify was called outside an xunit test, or its assembly lacks [assembly: VerifyXunit.UseVerify].");

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest) => Running.Value = methodUnderTest;

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest) => Running.Value = null;
}
