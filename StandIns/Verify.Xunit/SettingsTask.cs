using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>A comparison that can still be told where its snapshot is; it runs when it is awaited or turned into a task.</summary>
[SuppressMessage("Design", "CA2225:Operator overloads have named alternates", Justification = "The alternate is ToTask, as in the package.")]
public sealed class SettingsTask
{
    private readonly Func<VerifySettings, Task> _compare;
    private Task? _task;

    internal SettingsTask(VerifySettings? settings, Func<VerifySettings, Task> compare)
    {
        // A copy: one settings object may serve many tests, and what is chained here is meant for this one.
        CurrentSettings = new VerifySettings(settings);
        _compare = compare;
    }

    /// <summary>The settings so far.</summary>
    public VerifySettings CurrentSettings { get; }

    /// <summary>So that a test method can return what Verify returns.</summary>
    /// <param name="settingsTask">The comparison.</param>
    public static implicit operator Task(SettingsTask settingsTask)
    {
        ArgumentNullException.ThrowIfNull(settingsTask);
        return settingsTask.ToTask();
    }

    /// <inheritdoc cref="VerifySettings.UseDirectory"/>
    /// <returns>This.</returns>
    public SettingsTask UseDirectory(string directory) => With(settings => settings.UseDirectory(directory));

    /// <inheritdoc cref="VerifySettings.UseFileName"/>
    /// <returns>This.</returns>
    public SettingsTask UseFileName(string fileName) => With(settings => settings.UseFileName(fileName));

    /// <inheritdoc cref="VerifySettings.UseTypeName"/>
    /// <returns>This.</returns>
    public SettingsTask UseTypeName(string name) => With(settings => settings.UseTypeName(name));

    /// <inheritdoc cref="VerifySettings.UseMethodName"/>
    /// <returns>This.</returns>
    public SettingsTask UseMethodName(string name) => With(settings => settings.UseMethodName(name));

    /// <inheritdoc cref="VerifySettings.UseParameters"/>
    /// <returns>This.</returns>
    public SettingsTask UseParameters(params object?[] parameters) => With(settings => settings.UseParameters(parameters));

    /// <inheritdoc cref="VerifySettings.UseTextForParameters"/>
    /// <returns>This.</returns>
    public SettingsTask UseTextForParameters(string parametersText) => With(settings => settings.UseTextForParameters(parametersText));

    /// <inheritdoc cref="VerifySettings.AutoVerify"/>
    /// <returns>This.</returns>
    public SettingsTask AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        With(settings => settings.AutoVerify(includeBuildServer, throwException));

    /// <inheritdoc cref="VerifySettings.DisableDiff"/>
    /// <returns>This.</returns>
    public SettingsTask DisableDiff() => With(settings => settings.DisableDiff());

    /// <summary>Runs the comparison, once however often it is asked.</summary>
    /// <returns>The running comparison.</returns>
    public Task ToTask() => _task ??= _compare(CurrentSettings);

    /// <summary>For await.</summary>
    /// <returns>The awaiter of the running comparison.</returns>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>For await.</summary>
    /// <param name="continueOnCapturedContext">As for tasks.</param>
    /// <returns>The awaitable of the running comparison.</returns>
    public ConfiguredTaskAwaitable ConfigureAwait(bool continueOnCapturedContext) => ToTask().ConfigureAwait(continueOnCapturedContext);

    private SettingsTask With(Action<VerifySettings> change)
    {
        change(CurrentSettings);
        return this;
    }
}
