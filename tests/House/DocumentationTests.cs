using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace RxVerify.Tests.House;

/// <summary>Whoever reads a public name finds out what it stands for.</summary>
public sealed class DocumentationTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Ours =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "RxVerify.*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name != "RxVerify.Tests")
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Assemblies => [.. Ours];

    [Theory]
    [InlineData("RxVerify.Model")]
    [InlineData("RxVerify.Implementation")]
    [InlineData("RxVerify.Properties")]
    public void The_assemblies_of_ours_are_looked_at(string assembly) => Assert.Contains(Ours, name => name == assembly);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_public_type_and_member_says_what_it_is(string assembly)
    {
        var documented = Documented(assembly);
        var missing = Assembly.Load(assembly).GetExportedTypes()
            .SelectMany(type => Members(type).Select(DocumentationId.Of).Prepend(DocumentationId.Of(type)))
            .Where(id => !documented.Contains(id));
        Nothing.In(missing);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_documented_member_of_an_enumeration_has_documented_sisters(string assembly)
    {
        var documented = Documented(assembly);
        var halfSaid = Assembly.Load(assembly).GetExportedTypes()
            .Where(type => type.IsEnum)
            .Select(type => Values(type).Where(field => field.Name is not ("None" or "Unknown")).Select(DocumentationId.Of).ToList())
            .Where(ids => ids.Exists(documented.Contains))
            .SelectMany(ids => ids.Where(id => !documented.Contains(id)));
        Nothing.In(halfSaid);
    }

    private static HashSet<string> Documented(string assembly) =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml"))
            .Descendants("member")
            .Where(member => member.Element("inheritdoc") is not null || !string.IsNullOrWhiteSpace(member.Element("summary")?.Value))
            .Select(member => member.Attribute("name")!.Value)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// What a user can name and the author wrote. The values of an enumeration often say all there is; another test holds them. A
    /// delegate's members are its type's.
    /// </summary>
    private static IEnumerable<MemberInfo> Members(Type type) => type.IsEnum || type.IsSubclassOf(typeof(Delegate))
        ? []
        : type.GetMembers(Declared).Where(member => IsWritten(member) && IsVisible(member) && !IsExplicit(member));

    private static FieldInfo[] Values(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    /// <summary>Neither an accessor nor something the compiler adds to a record or a class without a constructor.</summary>
    private static bool IsWritten(MemberInfo member) => member switch
    {
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => false,
        Type => false,
        ConstructorInfo { IsStatic: true } => false,
        ConstructorInfo { DeclaringType.IsValueType: false } constructor when constructor.GetParameters().Length == 0 => false,
        MethodInfo { IsSpecialName: true } method => method.Name.StartsWith("op_", StringComparison.Ordinal),
        PropertyInfo { Name: "EqualityContract" } => false,
        _ => true,
    };

    private static bool IsVisible(MemberInfo member) => member switch
    {
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo one => IsVisible(one.AddMethod!),
        _ => false,
    };

    /// <summary>An explicit implementation says what its interface says.</summary>
    private static bool IsExplicit(MemberInfo member) => member is not ConstructorInfo && member.Name.Contains('.', StringComparison.Ordinal);
}
