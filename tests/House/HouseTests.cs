using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RxVerify.Tests.House;

/// <summary>What holds for the house as a whole: who knows whom, how long a file may be, what may be cited.</summary>
public sealed class HouseTests
{
    private const string Model = "RxVerify.Model";
    private const string Vocabulary = "RxVerify.Model.Vocabulary";

    [Fact]
    public void The_implementation_knows_nothing_of_the_model_but_its_vocabulary()
    {
        var known = TypesUsedBy("RxVerify.Implementation.dll", Model);
        Assert.Contains(known, type => type == $"{Vocabulary}.PageId");
        Assert.All(known, type => Assert.StartsWith(Vocabulary + ".", type, StringComparison.Ordinal));
    }

    [Fact]
    public void The_model_does_not_know_the_implementation_or_anybody_else_of_ours_and_uses_no_package()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var references = ReferencesOf("RxVerify.Model.dll");
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.True(File.Exists(Path.Combine(framework, name + ".dll")), $"{name} is not part of the framework"));
        Nothing.In(AsksFor("Model/RxVerify.Model.csproj"));
    }

    [Fact]
    public void The_explorer_knows_nothing_of_ours_and_uses_no_package() => Nothing.In(AsksFor("Explorer/RxVerify.Explorer.csproj"));

    [Fact]
    public void The_state_machines_know_nothing_of_ours_but_the_vocabulary()
    {
        Assert.Equal("Stateless RxVerify.Model.csproj", string.Join(' ', AsksFor("StateMachines/RxVerify.StateMachines.csproj")));
        var known = TypesUsedBy("RxVerify.StateMachines.dll", Model);
        Assert.Contains(known, type => type == $"{Vocabulary}.Port.PortState");
        Assert.All(known, type => Assert.StartsWith(Vocabulary + ".", type, StringComparison.Ordinal));
    }

    [Fact]
    public void A_project_that_asks_for_others_is_seen_to_do_so() =>
        Assert.Equal("RxVerify.Model.csproj RxVerify.StateMachines.csproj", string.Join(' ', AsksFor("Implementation/RxVerify.Implementation.csproj")));

    [Fact]
    public void No_source_file_is_longer_than_can_be_read_at_one_sitting()
    {
        Assert.NotEmpty(SourceTree.Sources());
        Nothing.In(LongerThan(400, SourceTree.Sources()));
    }

    [Fact]
    public void No_file_of_the_model_is_longer_than_can_be_believed_at_sight() => Nothing.In(LongerThan(250, SourceTree.Sources("Model")));

    [Fact]
    public void Every_paragraph_that_code_cites_exists()
    {
        var cited = Citations().ToList();
        Assert.Contains(cited, citation => citation.Id == "A.5.3");
        Assert.Contains(cited, citation => citation.Id == "I9");
        Nothing.In(cited.Where(citation => !CitedParagraphs.Valid().IsMatch(citation.Id)).Select(citation => $"{citation.Where} cites {citation.Id}"));
    }

    [Theory]
    [InlineData("A.4.7.4")]
    [InlineData("A.5.7.1.8")]
    [InlineData("B.4.12")]
    [InlineData("C.3.3.4")]
    [InlineData("A-D14")]
    [InlineData("F-A26")]
    [InlineData("D-111")]
    [InlineData("I11")]
    public void A_paragraph_that_exists_may_be_cited(string id) => Assert.Matches(CitedParagraphs.Valid(), id);

    [Theory]
    [InlineData("A.10")]
    [InlineData("A.3.1")]
    [InlineData("A.4.10")]
    [InlineData("A.5.7.3")]
    [InlineData("A.5.7.1.9")]
    [InlineData("A-D15")]
    [InlineData("F-A27")]
    [InlineData("F-C21")]
    [InlineData("D-0")]
    [InlineData("D-112")]
    [InlineData("I12")]
    public void A_paragraph_that_does_not_exist_may_not_be_cited(string id) => Assert.DoesNotMatch(CitedParagraphs.Valid(), id);

    [Fact]
    public void Citations_are_found_where_they_stand_and_nowhere_else()
    {
        Assert.Equal("A.5.2.1 I6 A-D10 D-6", Cited("/// <summary>A.5.2.1, I6: slots (A-D10), by b65352a1bac6 (D-6).</summary>"));
        Assert.Equal("F-A11 A-D2 D-2", Cited("""Defect<X>("F-A11, A-D2", "as published; fixed by ecd89c02da85 (D-2)")"""));
        Assert.Equal("", Cited("""int I1 = Gen.I64(1); // see SARIF 2.1 and RFC-D1"""));
    }

    private static string Cited(string line) => string.Join(' ', CitationsOf(line));

    private static IEnumerable<string> LongerThan(int lines, IEnumerable<string> paths) =>
        paths.Select(path => (Path: path, SourceTree.Lines(path).Length))
            .Where(file => file.Length > lines)
            .Select(file => $"{file.Path} has {file.Length} lines");

    private static IEnumerable<(string Where, string Id)> Citations()
    {
        // This file cites paragraphs that do not exist, to show that they are found.
        foreach (string path in SourceTree.Sources().Where(path => Path.GetFileName(path) != "HouseTests.cs"))
        {
            string[] lines = SourceTree.Lines(path);
            for (int line = 0; line < lines.Length; line++)
            {
                foreach (string id in CitationsOf(lines[line]))
                {
                    yield return ($"{path}:{line + 1}", id);
                }
            }
        }
    }

    /// <summary>Paragraphs and defects anywhere in a line; invariants, whose names are short, in its comment only.</summary>
    private static IEnumerable<string> CitationsOf(string line)
    {
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        IEnumerable<Match> found = CitedParagraphs.Anywhere().Matches(line);
        if (comment >= 0)
        {
            found = found.Concat(CitedParagraphs.InvariantInComment().Matches(line).Where(match => match.Index > comment));
        }

        return found.OrderBy(match => match.Index).Select(match => match.Value);
    }

    /// <summary>File names of the projects and names of the packages that a project file asks for.</summary>
    private static IEnumerable<string> AsksFor(string project) =>
        XDocument.Load(Path.Combine(SourceTree.Root, project))
            .Descendants()
            .Where(item => item.Name.LocalName is "ProjectReference" or "PackageReference" or "StandInReference" or "Reference")
            .Select(item => item.Attribute("Include")!.Value.Split('/', '\\')[^1]);

    private static List<string> ReferencesOf(string assembly) => Read<List<string>>(assembly, static metadata =>
        [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))]);

    /// <summary>Full names of the types of one assembly that another one uses.</summary>
    private static List<string> TypesUsedBy(string assembly, string from) => Read<List<string>>(assembly, metadata =>
        [.. metadata.TypeReferences
            .Where(handle => AssemblyOf(metadata, handle) == from)
            .Select(handle => FullName(metadata, handle))]);

    private static string? AssemblyOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var scope = metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(metadata, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => null,
        };
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static T Read<T>(string assembly, Func<MetadataReader, T> read)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly));
        using var portable = new PEReader(file);
        return read(portable.GetMetadataReader());
    }
}
