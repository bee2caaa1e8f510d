using System.Globalization;

namespace RxVerify.Properties;

/// <summary>Places in a list as people count them.</summary>
internal static class Ordinals
{
    /// <summary>The word or number for an index from 0.</summary>
    public static string Of(int index) => (index + 1) switch
    {
        1 => "first",
        2 => "second",
        3 => "third",
        int other when other % 10 == 1 && other % 100 != 11 => $"{other}st",
        int other when other % 10 == 2 && other % 100 != 12 => $"{other}nd",
        int other when other % 10 == 3 && other % 100 != 13 => $"{other}rd",
        int other => $"{other}th",
    };
}

/// <summary>What a configuration changes of the production values.</summary>
internal static class ConfigurationWords
{
    /// <summary>As "name value" pairs, in the order in which the constants are declared.</summary>
    public static string Of<TConfiguration>(TConfiguration configuration, TConfiguration production)
        where TConfiguration : class =>
        string.Join(", ", Changes(configuration, production).Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Name} {Plain(change.Value)}"))) is { Length: > 0 } changes
            ? changes
            : "production values";

    /// <summary>As a C# expression.</summary>
    public static string CSharp<TConfiguration>(TConfiguration configuration, TConfiguration production)
        where TConfiguration : class =>
        $"new {typeof(TConfiguration).Name} {{ {string.Join(", ", Changes(configuration, production).Select(change => $"{change.Name} = {Expression(change.Value)}"))} }}";

    /// <summary>A truth value as C# writes it.</summary>
    public static string Bool(bool value) => value ? "true" : "false";

    private static object Plain(object value) => value is bool flag ? Bool(flag) : value;

    private static string Expression(object value) => value switch
    {
        bool flag => Bool(flag),
        Enum named => $"{named.GetType().Name}.{named}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static IEnumerable<(string Name, object Value)> Changes<TConfiguration>(TConfiguration configuration, TConfiguration production)
        where TConfiguration : class
    {
        foreach (var property in typeof(TConfiguration).GetProperties())
        {
            if (property.CanWrite && property.GetValue(configuration) is { } value && !value.Equals(property.GetValue(production)))
            {
                yield return (property.Name, value);
            }
        }
    }
}
