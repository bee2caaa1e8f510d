namespace Stateless.Reflection;

/// <summary>A method that the machine calls: a guard, an action or a selector.</summary>
public class InvocationInfo
{
    private readonly string? _description;

    internal InvocationInfo(string? methodName, string? description)
    {
        MethodName = methodName;
        _description = description;
    }

    /// <summary>What a method without a name and without a description is called.</summary>
    public static string DefaultFunctionDescription { get; set; } = "Function";

    /// <summary>The name of the method; for a lambda one that the compiler made up.</summary>
    public string? MethodName { get; }

    /// <summary>The description that was given, else the name of the method, else, for a lambda, <see cref="DefaultFunctionDescription"/>.</summary>
    public string Description =>
        _description ?? (MethodName is null || MethodName.Contains('<', StringComparison.Ordinal) ? DefaultFunctionDescription : MethodName);
}

/// <summary>An action of a state.</summary>
public class ActionInfo
{
    internal ActionInfo(InvocationInfo method)
    {
        Method = method;
    }

    /// <summary>What is called.</summary>
    public InvocationInfo Method { get; }
}
