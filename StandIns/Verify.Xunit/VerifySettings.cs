using System.Diagnostics.CodeAnalysis;

namespace VerifyTests;

/// <summary>Where a snapshot lies, what it is called, and whether a new one is accepted at once.</summary>
public sealed class VerifySettings
{
    /// <summary>Settings that say nothing.</summary>
    public VerifySettings()
    {
    }

    /// <summary>A copy.</summary>
    /// <param name="settings">What to copy; null for settings that say nothing.</param>
    public VerifySettings(VerifySettings? settings)
    {
        if (settings is not null)
        {
            (Directory, FileName, TypeName, MethodName) = (settings.Directory, settings.FileName, settings.TypeName, settings.MethodName);
            (Parameters, ParametersText, Accept) = (settings.Parameters, settings.ParametersText, settings.Accept);
        }
    }

    internal string? Directory { get; private set; }

    internal string? FileName { get; private set; }

    internal string? TypeName { get; private set; }

    internal string? MethodName { get; private set; }

    internal object?[]? Parameters { get; private set; }

    internal string? ParametersText { get; private set; }

    internal AutoVerifyMode Accept { get; private set; }

    /// <summary>Puts the snapshot into another directory.</summary>
    /// <param name="directory">Absolute, or relative to the test's source file.</param>
    public void UseDirectory(string directory) => Directory = NotEmpty(directory);

    /// <summary>Names the snapshot, in place of class, method and parameters.</summary>
    /// <param name="fileName">The name without .verified and extension.</param>
    public void UseFileName(string fileName)
    {
        FileName = NotEmpty(fileName);
        ThrowIfNamedTwice();
    }

    /// <summary>Replaces the class in the snapshot's name.</summary>
    /// <param name="name">What to write for it.</param>
    public void UseTypeName(string name)
    {
        TypeName = NotEmpty(name);
        ThrowIfNamedTwice();
    }

    /// <summary>Replaces the method in the snapshot's name, for instance for a second snapshot of one test.</summary>
    /// <param name="name">What to write for it.</param>
    public void UseMethodName(string name)
    {
        MethodName = NotEmpty(name);
        ThrowIfNamedTwice();
    }

    /// <summary>Gives each case of a theory a snapshot of its own: its name has the values, each with its parameter.</summary>
    /// <param name="parameters">The values of the test method's parameters, from the first on.</param>
    public void UseParameters(params object?[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        ThrowIfNamedTwice();
    }

    /// <summary>Gives each case of a theory a snapshot of its own, named by a text.</summary>
    /// <param name="parametersText">What to write for the parameters.</param>
    public void UseTextForParameters(string parametersText)
    {
        ParametersText = NotEmpty(parametersText);
        ThrowIfNamedTwice();
    }

    /// <summary>Accepts what the test received. The stand-in does so on no build server.</summary>
    /// <param name="includeBuildServer">For the package; a build server never gets files from the stand-in.</param>
    /// <param name="throwException">True: the test fails all the same, so that accepting does not go unnoticed.</param>
    public void AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        Accept = throwException ? AutoVerifyMode.AcceptAndFail : AutoVerifyMode.Accept;

    /// <summary>Starts no diff tool for this snapshot. The stand-in never starts one.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "It is an instance member of the package.")]
    public void DisableDiff()
    {
        // Nothing to disable.
    }

    private static string NotEmpty(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return text;
    }

    private void ThrowIfNamedTwice()
    {
        if (FileName is not null && (TypeName is not null || MethodName is not null || Parameters is not null || ParametersText is not null))
        {
            throw new InvalidOperationException("UseFileName is the whole name; it cannot be joined to a type, a method or parameters.");
        }
    }
}

/// <summary>What happens to a text that is not the accepted one.</summary>
internal enum AutoVerifyMode
{
    Compare,
    Accept,
    AcceptAndFail,
}
