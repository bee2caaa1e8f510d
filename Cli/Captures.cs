using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>Captures as the command line names them.</summary>
internal static class Captures
{
    /// <summary>Name of the capture that comes with the tool.</summary>
    public const string SampleName = "mixed-mtu1500.pcap";

    /// <summary>The capture that comes with the tool.</summary>
    public static string Sample() => Sample(SampleName);

    /// <summary>A file that comes with the tool: beside the assembly, and in the repository.</summary>
    public static string Sample(string name)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "samples", name);
        string inRepository = Path.Combine("samples", name);
        return File.Exists(beside) ? beside
            : File.Exists(inRepository) ? inRepository
            : throw new BadInputException($"{beside}: there is no such file; expected the sample that comes with the tool");
    }

    /// <summary>The packets of a file. What is wrong with it becomes one line, when the reading gets there.</summary>
    public static IEnumerable<CapturedPacket> Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path}: {(Directory.Exists(path) ? "this is a folder" : "there is no such file")}; expected a capture in pcap or pcapng format");
        }

        return Guarded(path);
    }

    private static IEnumerable<CapturedPacket> Guarded(string path)
    {
        using var packets = CaptureReader.Read(path).GetEnumerator();
        while (MoveNext(packets, path))
        {
            yield return packets.Current;
        }
    }

    private static bool MoveNext(IEnumerator<CapturedPacket> packets, string path)
    {
        try
        {
            return packets.MoveNext();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({problem.Message}); expected a capture in pcap or pcapng format", problem);
        }
    }
}
