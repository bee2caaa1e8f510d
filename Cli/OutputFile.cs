using System.Text;

namespace RxVerify.Cli;

/// <summary>A file that will be written: asked about before the work begins, and complete or not there afterwards.</summary>
internal sealed class OutputFile
{
    private readonly string _path;
    private readonly string _option;

    private OutputFile(string path, string option)
    {
        _path = path;
        _option = option;
    }

    /// <summary>Makes sure that the file can be written later. Null when none was asked for.</summary>
    /// <param name="path">Where, or null.</param>
    /// <param name="option">The option that asked for it, for messages.</param>
    public static OutputFile? At(string? path, string option)
    {
        if (path is null)
        {
            return null;
        }

        var file = new OutputFile(path, option);
        if (Directory.Exists(path))
        {
            throw new BadInputException($"{option} {path}: this is a folder; expected the name of a file");
        }

        // A minute of work must not end in "permission denied": writing is tried before.
        file.Guard(() => File.Create(file.TemporaryPath(), 1, FileOptions.DeleteOnClose).Dispose());
        return file;
    }

    /// <summary>Writes the whole text beside its place and moves it there.</summary>
    public void Write(string text) => Guard(() =>
    {
        string temporary = TemporaryPath();
        try
        {
            File.WriteAllText(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    });

    private string TemporaryPath()
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        return Path.Combine(folder, $".{Path.GetFileName(_path)}.{Environment.ProcessId}.tmp");
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{_option} {_path}: cannot be written; expected a file in a folder that exists and may be written to", problem);
        }
    }
}
