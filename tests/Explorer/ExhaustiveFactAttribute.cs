namespace RxVerify.Tests.Explorer;

/// <summary>A test of minutes: runs with RXVERIFY_EXHAUSTIVE=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExhaustiveFactAttribute : FactAttribute
{
    public ExhaustiveFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("RXVERIFY_EXHAUSTIVE") == "1" ? null : "takes minutes; RXVERIFY_EXHAUSTIVE=1 runs it";
}
