namespace RxVerify.Properties.Traffic;

/// <summary>A capture file is damaged, cut off or of an unsupported kind; the message is one line for the person who passed the file.</summary>
public sealed class CaptureFormatException : Exception
{
    /// <summary>Describes one place of one file.</summary>
    /// <param name="file">Name of the file as the user knows it.</param>
    /// <param name="offset">The byte at which the damaged structure begins.</param>
    /// <param name="found">What is there.</param>
    /// <param name="expected">What should have been there.</param>
    /// <param name="cause">The exception of the unpacker, if it was the one that noticed.</param>
    public CaptureFormatException(string file, long offset, string found, string expected, Exception? cause = null)
        : base($"{file}: byte {offset}: {found}; expected {expected}", cause)
    {
        File = file;
        Offset = offset;
        Found = found;
        Expected = expected;
    }

    /// <summary>Name of the file as the user knows it.</summary>
    public string File { get; }

    /// <summary>The byte at which the damaged structure begins; in a gzip file it is counted in the unpacked capture.</summary>
    public long Offset { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What should have been there.</summary>
    public string Expected { get; }
}
