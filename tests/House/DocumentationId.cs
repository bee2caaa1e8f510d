using System.Reflection;

namespace RxVerify.Tests.House;

/// <summary>The names that the compiler gives members in a documentation file.</summary>
internal static class DocumentationId
{
    public static string Of(Type type) => $"T:{NameOf(type)}";

    public static string Of(MemberInfo member) => member switch
    {
        FieldInfo field => $"F:{NameOf(field.DeclaringType!)}.{field.Name}",
        PropertyInfo property => $"P:{NameOf(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        EventInfo one => $"E:{NameOf(one.DeclaringType!)}.{one.Name}",
        ConstructorInfo constructor => $"M:{NameOf(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method => $"M:{NameOf(method.DeclaringType!)}.{method.Name}{Arity(method)}{Parameters(method.GetParameters())}{Result(method)}",
        _ => throw new ArgumentException($"{member} is no member that is documented", nameof(member)),
    };

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Arity(MethodInfo method) => method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";

    private static string Result(MethodInfo method) =>
        method.Name is "op_Implicit" or "op_Explicit" ? $"~{Reference(method.ReturnType)}" : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Reference(parameter.ParameterType)))})";

    private static string Reference(Type type)
    {
        if (type.IsByRef)
        {
            return Reference(type.GetElementType()!) + "@";
        }

        if (type.IsPointer)
        {
            return Reference(type.GetElementType()!) + "*";
        }

        if (type.IsArray)
        {
            return Reference(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        return type.IsGenericType ? Constructed(type) : NameOf(type);
    }

    /// <summary>Outer{A}.Inner{B}: each level of nesting shows the arguments that it adds.</summary>
    private static string Constructed(Type type)
    {
        var arguments = new Queue<string>(type.GetGenericArguments().Select(Reference));
        string name = NameOf(type.GetGenericTypeDefinition());
        return string.Join('.', name.Split('.').Select(part => WithArguments(part, arguments)));
    }

    private static string WithArguments(string part, Queue<string> arguments)
    {
        int tick = part.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0)
        {
            return part;
        }

        int count = int.Parse(part.AsSpan(tick + 1));
        return $"{part[..tick]}{{{string.Join(',', Enumerable.Range(0, count).Select(_ => arguments.Dequeue()))}}}";
    }
}
