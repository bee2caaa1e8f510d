using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace FsCheck.Xunit;

/// <summary>Listens to a run of FsCheck: writes what it says to the test's output and keeps the result for the verdict.</summary>
internal sealed class TestOutputRunner(ITestOutputHelper? output) : IRunner
{
    private string _name = "";
    private TestResult? _result;

    public void OnStartFixture(Type t)
    {
        // A property is run on its own, never as part of a fixture.
    }

    public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every) =>
        Write(every.Invoke(ntest).Invoke(args));

    public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) => Write(everyShrink.Invoke(args));

    public void OnFinished(string name, TestResult result)
    {
        _name = name;
        _result = result;
        if (result is TestResult.Passed { Item2: false })
        {
            Write(Runner.onFinishedToString("", result));
        }
    }

    /// <summary>Ends the test: silently when the property held, else with everything that is known about why not.</summary>
    public void ThrowUnlessPassed()
    {
        switch (_result)
        {
            case TestResult.Passed:
                return;
            case TestResult.Failed failed:
                Exception? cause = failed.Item4 is Outcome.Failed outcome ? outcome.Item : null;
                string replay = $"{failed.Item6.Seed},{failed.Item6.Gamma},{failed.Item7}";
                throw new PropertyFailedException($"\n{Describe(failed)}\n[Property(Replay = \"{replay}\")]", cause);
            case null:
                throw new PropertyFailedException($"{_name}: the run of the property ended without a result.", innerException: null);
            default:
                throw new PropertyFailedException($"\n{Describe(_result)}", innerException: null);
        }
    }

    // The exception is left out here: it becomes the inner one, whose message and stack the test runner prints itself.
    private static string Describe(TestResult result)
    {
        string text = Runner.onFinishedToString("", result).TrimEnd();
        int exception = text.IndexOf("with exception:", StringComparison.Ordinal);
        return exception < 0 ? text : text[..exception].TrimEnd();
    }

    private void Write(string text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            output?.WriteLine(text.TrimEnd());
        }
    }
}
