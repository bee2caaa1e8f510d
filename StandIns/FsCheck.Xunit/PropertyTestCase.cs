using System.ComponentModel;
using System.Reflection;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>
/// A property as an xunit test case. Only the call of the test method is replaced, so fixtures, Dispose, IAsyncLifetime, output, Skip and traits
/// stay xunit's own.
/// </summary>
public sealed class PropertyTestCase : XunitTestCase
{
    /// <summary>For xunit, which makes the test case and then fills it from its serialised form.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Only for xunit, when it reads a test case back.")]
    public PropertyTestCase()
    {
    }

    /// <summary>Makes the test case of a method.</summary>
    /// <param name="diagnosticMessageSink">Where xunit wants diagnostics.</param>
    /// <param name="defaultMethodDisplay">How the test is named.</param>
    /// <param name="defaultMethodDisplayOptions">How the name is written.</param>
    /// <param name="testMethod">The method.</param>
    public PropertyTestCase(
        IMessageSink diagnosticMessageSink, TestMethodDisplay defaultMethodDisplay, TestMethodDisplayOptions defaultMethodDisplayOptions,
        ITestMethod testMethod)
        : base(diagnosticMessageSink, defaultMethodDisplay, defaultMethodDisplayOptions, testMethod)
    {
    }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        // xunit compares the number of arguments with the number of parameters before the call; FsCheck supplies the values.
        object[] placeholders = new object[TestMethod.Method.GetParameters().Count()];
        return new CaseRunner(this, constructorArguments, placeholders, messageBus, aggregator, cancellationTokenSource).RunAsync();
    }

    private sealed class CaseRunner(
        PropertyTestCase testCase, object[] constructorArguments, object[] arguments, IMessageBus bus, ExceptionAggregator aggregator,
        CancellationTokenSource cancellation)
        : XunitTestCaseRunner(testCase, testCase.DisplayName, testCase.SkipReason, constructorArguments, arguments, bus, aggregator, cancellation)
    {
        protected override XunitTestRunner CreateTestRunner(
            ITest test, IMessageBus messageBus, Type testClass, object[] constructorArguments, MethodInfo testMethod, object[] testMethodArguments,
            string skipReason, IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes, ExceptionAggregator aggregator,
            CancellationTokenSource cancellationTokenSource) =>
            new TestRunner(
                test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason, beforeAfterAttributes, aggregator,
                cancellationTokenSource);
    }

    private sealed class TestRunner(
        ITest test, IMessageBus bus, Type testClass, object[] constructorArguments, MethodInfo method, object[] arguments, string skipReason,
        IReadOnlyList<BeforeAfterTestAttribute> beforeAfter, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : XunitTestRunner(test, bus, testClass, constructorArguments, method, arguments, skipReason, beforeAfter, aggregator, cancellation)
    {
        private TestOutputHelper? _output;

        protected override async Task<Tuple<decimal, string>> InvokeTestAsync(ExceptionAggregator aggregator)
        {
            // A class that asks for the output gets this one; xunit hands over a maker of it. Otherwise the statistics alone go there.
            _output = ConstructorArguments.OfType<Func<TestOutputHelper>>().FirstOrDefault()?.Invoke() ?? new TestOutputHelper();
            ConstructorArguments = [.. ConstructorArguments.Select(argument => argument is Func<TestOutputHelper> ? _output : argument)];
            _output.Initialize(MessageBus, Test);
            decimal seconds = await InvokeTestMethodAsync(aggregator);
            string text = _output.Output;
            _output.Uninitialize();
            return Tuple.Create(seconds, text);
        }

        protected override Task<decimal> InvokeTestMethodAsync(ExceptionAggregator aggregator) =>
            new Invoker(
                Test, MessageBus, TestClass, ConstructorArguments, TestMethod, TestMethodArguments, BeforeAfterAttributes, aggregator,
                CancellationTokenSource, _output).RunAsync();
    }

    private sealed class Invoker(
        ITest test, IMessageBus bus, Type testClass, object[] constructorArguments, MethodInfo method, object[] arguments,
        IReadOnlyList<BeforeAfterTestAttribute> beforeAfter, ExceptionAggregator aggregator, CancellationTokenSource cancellation,
        ITestOutputHelper? output)
        : XunitTestInvoker(test, bus, testClass, constructorArguments, method, arguments, beforeAfter, aggregator, cancellation)
    {
        // FsCheck waits for asynchronous properties with a blocked thread. On a thread of its own it can neither hold up xunit's threads
        // (with few of them that is a deadlock) nor starve the pool.
        protected override object CallTestMethod(object testClassInstance) =>
            Task.Factory.StartNew(
                () => Check(testClassInstance), CancellationTokenSource.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        private void Check(object? instance)
        {
            TestOutputRunner runner = new(output);
            Config config = PropertySettings.ConfigurationOf(TestMethod, TestClass, runner, DisplayName);
            FsCheck.Check.Method(config, TestMethod, instance is null ? FSharpOption<object>.None : FSharpOption<object>.Some(instance));
            runner.ThrowUnlessPassed();
        }
    }
}
