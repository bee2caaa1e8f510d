using System.Text;

namespace RxVerify.Tests.StandIns;

/// <summary>
/// What RxVerify expects of Verify.Xunit, whether it is the package or the stand-in. The snapshots lie in a directory that goes away with the test,
/// but for the first two: those show where a snapshot is looked for.
/// </summary>
public sealed class VerifyXunitContractTests : IDisposable
{
    private const string Me = nameof(VerifyXunitContractTests);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rxverify-snapshots-");

    // On a build server the stand-in writes nothing, and what it writes elsewhere is what three of these tests are about.
    private static bool IsBuildServer => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    // Somebody is accepting snapshots: then a difference is not a failure.
    private static bool IsAccepting => !IsBuildServer && Environment.GetEnvironmentVariable("RXVERIFY_ACCEPT") == "1";

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public Task A_snapshot_lies_beside_the_source_file_and_is_named_after_class_and_test() => Verify("the same\nas before");

    [Theory]
    [InlineData(2, "a b")]
    [InlineData(3, "c:d")]
    public Task A_case_of_a_theory_names_its_parameters(int pages, string scheme) => Verify($"{pages} {scheme}").UseParameters(pages, scheme);

    [Fact]
    public async Task A_text_equal_to_the_verified_one_passes()
    {
        Accepted($"{Me}.{nameof(A_text_equal_to_the_verified_one_passes)}", "one\ntwo");
        await Verify("one\ntwo").UseDirectory(_directory.FullName).DisableDiff();
    }

    [Fact]
    public async Task Line_ends_of_the_text_do_not_matter()
    {
        Accepted("line-ends", "one\ntwo");
        await Verify("one\r\ntwo").UseDirectory(_directory.FullName).UseFileName("line-ends").DisableDiff();
    }

    [Fact]
    public async Task A_verified_file_may_have_a_byte_order_mark()
    {
        File.WriteAllText(PathOf("mark.verified.txt"), "one", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await Verify("one").UseDirectory(_directory.FullName).UseFileName("mark").DisableDiff();
    }

    [Fact]
    public async Task Another_text_fails_and_shows_both()
    {
        if (IsAccepting)
        {
            return;
        }

        Accepted("other", "expected text");
        Exception failure = await FailureOf(Verify("received text").UseDirectory(_directory.FullName).UseFileName("other").DisableDiff());
        Assert.Contains("NotEqual:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("received text", failure.Message, StringComparison.Ordinal);
        Assert.Contains("expected text", failure.Message, StringComparison.Ordinal);
        Assert.Equal("expected text", File.ReadAllText(PathOf("other.verified.txt")));
        if (!IsBuildServer)
        {
            Assert.Equal("received text", File.ReadAllText(PathOf("other.received.txt")));
        }
    }

    [Fact]
    public async Task A_text_that_was_never_accepted_fails()
    {
        if (IsAccepting)
        {
            return;
        }

        Exception failure = await FailureOf(Verify("new text").UseDirectory(_directory.FullName).UseFileName("new").DisableDiff());
        Assert.Contains("New:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("new.verified.txt", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("new.verified.txt")));
        if (!IsBuildServer)
        {
            Assert.Equal("new text", File.ReadAllText(PathOf("new.received.txt")));
        }
    }

    [Fact]
    public async Task AutoVerify_accepts_what_was_received()
    {
        if (IsBuildServer)
        {
            return;
        }

        Accepted("auto", "old");
        await Verify("fresh").UseDirectory(_directory.FullName).UseFileName("auto").AutoVerify().DisableDiff();
        Assert.Equal("fresh", File.ReadAllText(PathOf("auto.verified.txt")));
        Assert.False(File.Exists(PathOf("auto.received.txt")));
    }

    [Fact]
    public async Task The_extension_can_be_chosen()
    {
        File.WriteAllText(PathOf("graph.verified.dot"), "digraph {}");
        await Verify("digraph {}", "dot").UseDirectory(_directory.FullName).UseFileName("graph").DisableDiff();
    }

    [Fact]
    public async Task Settings_can_be_given_as_an_object()
    {
        Accepted("Class.method_wide", "text");
        VerifySettings settings = new();
        settings.UseDirectory(_directory.FullName);
        settings.UseTypeName("Class");
        settings.UseMethodName("method");
        settings.UseTextForParameters("wide");
        settings.DisableDiff();
        await Verify("text", settings);
    }

    private static async Task<Exception> FailureOf(SettingsTask comparison) => await Assert.ThrowsAnyAsync<Exception>(() => comparison.ToTask());

    private string PathOf(string file) => Path.Combine(_directory.FullName, file);

    private void Accepted(string name, string text) => File.WriteAllText(PathOf(name + ".verified.txt"), text);
}
