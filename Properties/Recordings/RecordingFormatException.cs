namespace RxVerify.Properties.Recordings;

/// <summary>A recording cannot be read; the message is one line for the person who passed the file.</summary>
public sealed class RecordingFormatException : Exception
{
    /// <summary>Describes one line of one file.</summary>
    /// <param name="file">Name of the file as the user knows it.</param>
    /// <param name="line">The line, counted from 1; in a gzip file it is counted in the unpacked text.</param>
    /// <param name="found">What is there.</param>
    /// <param name="expected">What should have been there.</param>
    /// <param name="cause">The exception of the unpacker, if it was the one that noticed.</param>
    public RecordingFormatException(string file, long line, string found, string expected, Exception? cause = null)
        : base($"{file}: line {line}: {found}; expected {expected}", cause)
    {
        File = file;
        Line = line;
        Found = found;
        Expected = expected;
    }

    /// <summary>Name of the file as the user knows it.</summary>
    public string File { get; }

    /// <summary>The line, counted from 1; in a gzip file it is counted in the unpacked text.</summary>
    public long Line { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What should have been there.</summary>
    public string Expected { get; }
}
