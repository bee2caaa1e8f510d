using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace RxVerify.Tests.StandIns;

/// <summary>
/// Runs one test method through xunit, the way xunit itself does, and tells what came of it. For tests that have to fail or to be skipped: their
/// class is private, so that the real run does not find them.
/// </summary>
internal sealed class XunitInside : LongLivedMarshalByRefObject, IMessageBus, IMessageSink
{
    private readonly ConcurrentQueue<IMessageSinkMessage> _messages = new();

    /// <summary>The output of the test, its verdict and the message of its failure.</summary>
    public sealed record Result(bool Passed, bool Failed, bool Skipped, string Output, string Message);

    public static async Task<Result> RunAsync<TTests>(string method)
    {
        Type type = typeof(TTests);
        TestAssembly assembly = new(Reflector.Wrap(type.Assembly));
        TestCollection collection = new(assembly, collectionDefinition: null, displayName: "inside");
        TestMethod test = new(new TestClass(collection, Reflector.Wrap(type)), Reflector.Wrap(type.GetMethod(method)!));
        IAttributeInfo fact = test.Method.GetCustomAttributes(typeof(FactAttribute)).Single();
        IAttributeInfo discovererInfo = fact.GetCustomAttributes(typeof(XunitTestCaseDiscovererAttribute)).Single();

        using XunitInside listener = new();
        IXunitTestCaseDiscoverer discoverer = ExtensibilityPointFactory.GetXunitTestCaseDiscoverer(listener, DiscovererType(discovererInfo));
        using CancellationTokenSource cancellation = new();
        foreach (IXunitTestCase testCase in discoverer.Discover(new DefaultOptions(), test, fact).ToArray())
        {
            await testCase.RunAsync(listener, listener, [], new ExceptionAggregator(), cancellation);
        }

        return listener.Summary();
    }

    public bool QueueMessage(IMessageSinkMessage message) => OnMessage(message);

    public bool OnMessage(IMessageSinkMessage message)
    {
        _messages.Enqueue(message);
        return true;
    }

    public void Dispose()
    {
        // Nothing to close; the interface asks for it.
    }

    private static Type DiscovererType(IAttributeInfo discoverer)
    {
        string[] names = [.. discoverer.GetConstructorArguments().Cast<string>()];
        return Assembly.Load(new AssemblyName(names[1])).GetType(names[0], throwOnError: true)!;
    }

    private Result Summary()
    {
        ITestFailed? failure = _messages.OfType<ITestFailed>().FirstOrDefault();
        return new Result(
            _messages.Any(message => message is ITestPassed),
            failure is not null,
            _messages.Any(message => message is ITestSkipped),
            string.Concat(_messages.OfType<ITestResultMessage>().Select(message => message.Output)),
            failure is null ? "" : string.Join('\n', failure.Messages));
    }

    /// <summary>Options of which none is set.</summary>
    private sealed class DefaultOptions : ITestFrameworkDiscoveryOptions
    {
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException($"{name} keeps its default.");
    }
}
