using System.Security.Cryptography;

namespace RxVerify.Explorer;

/// <summary>A checkpoint that cannot be gone on from.</summary>
public sealed class CheckpointException(string message) : Exception(message);

/// <summary>A folder in which one walk at a time is kept. A checkpoint replaces the one before only when it is whole.</summary>
/// <param name="folder">The folder; made when it is missing.</param>
/// <param name="of">What is explored, and by which code; a checkpoint of something else is refused.</param>
/// <param name="every">Time between two checkpoints.</param>
public sealed class CheckpointPlace(string folder, string of, TimeSpan every)
{
    private const string Magic = "RxVerify checkpoint 2";

    // What opening a file says that somebody holds: ERROR_SHARING_VIOLATION, and EWOULDBLOCK as each kernel numbers it.
    private static readonly int HeldByAnother = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35;

    private readonly string _path = Path.Combine(folder, "walk.checkpoint");

    private string Next => _path + ".next";

    /// <summary>What is explored, and by which code.</summary>
    public string Of => of;

    /// <summary>Time between two checkpoints.</summary>
    public TimeSpan Every => every;

    /// <summary>Whether there is one to go on from.</summary>
    public bool Exists => File.Exists(_path);

    /// <summary>Forgets the checkpoint, and one that a killed walk did not finish: the walk has ended.</summary>
    public void Delete()
    {
        File.Delete(_path);
        File.Delete(Next);
    }

    /// <summary>
    /// Makes the folder, so that hours of work do not end in one that cannot be written to, and keeps other walks out of it, which
    /// would replace each other's checkpoints, until what is returned is disposed of or the process ends, however it does.
    /// </summary>
    /// <exception cref="CheckpointException">It cannot be written to, or another walk is kept there.</exception>
    public IDisposable Take()
    {
        FileStream? taken = null;
        Guard(() =>
        {
            Directory.CreateDirectory(folder);
            try
            {
                // What a killed walk left behind is a file like any other, since nobody holds it.
                taken = new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException problem) when (problem.HResult == HeldByAnother)
            {
                throw new CheckpointException($"{folder}: another walk uses it; expected a folder of its own for each walk, or that the other one has ended");
            }
        });
        return taken!;
    }

    internal void Save(string identity, Action<BinaryWriter> write) => Guard(() =>
    {
        Directory.CreateDirectory(folder);
        using (var file = new FileStream(Next, FileMode.Create, FileAccess.ReadWrite))
        {
            using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Magic);
                writer.Write(identity);
                write(writer);
            }

            file.Position = 0;
            byte[] hash = SHA256.HashData(file);
            file.Write(hash);
            file.Flush(flushToDisk: true);
        }

        File.Move(Next, _path, overwrite: true);
    });

    internal void Load(string identity, Action<BinaryReader> read)
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read);
        CheckHash(file);
        file.Position = 0;
        using var reader = new BinaryReader(file);
        if (reader.ReadString() is not Magic)
        {
            throw new CheckpointException($"{_path}: expected a checkpoint of this version");
        }

        string found = reader.ReadString();
        if (found != identity)
        {
            throw new CheckpointException($"{_path}: is of '{found}'; expected '{identity}'");
        }

        read(reader);
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{_path}: cannot be written; expected a folder that may be written to ({problem.Message})");
        }
    }

    private void CheckHash(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 20];
        long left = file.Length - SHA256.HashSizeInBytes;
        while (left > 0)
        {
            int count = file.Read(piece, 0, (int)Math.Min(piece.Length, left));
            hash.AppendData(piece, 0, count);
            left -= count;
        }

        byte[] end = new byte[SHA256.HashSizeInBytes];
        if (left < 0 || file.Read(end) != end.Length || !hash.GetHashAndReset().AsSpan().SequenceEqual(end))
        {
            throw new CheckpointException($"{_path}: is damaged; expected a whole checkpoint");
        }
    }
}
