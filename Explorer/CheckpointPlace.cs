using System.Security.Cryptography;

namespace RxVerify.Explorer;

/// <summary>A checkpoint that cannot be gone on from.</summary>
public sealed class CheckpointException(string message) : Exception(message);

/// <summary>A folder in which a walk is kept. A checkpoint replaces the one before only when it is whole.</summary>
/// <param name="folder">The folder; made when it is missing.</param>
/// <param name="of">What is explored, and by which code; a checkpoint of something else is refused.</param>
/// <param name="every">Time between two checkpoints.</param>
public sealed class CheckpointPlace(string folder, string of, TimeSpan every)
{
    private const string Magic = "RxVerify checkpoint 2";
    private readonly string _path = Path.Combine(folder, "walk.checkpoint");

    /// <summary>What is explored, and by which code.</summary>
    public string Of => of;

    /// <summary>Time between two checkpoints.</summary>
    public TimeSpan Every => every;

    /// <summary>Whether there is one to go on from.</summary>
    public bool Exists => File.Exists(_path);

    /// <summary>Forgets the checkpoint: the walk has ended.</summary>
    public void Delete()
    {
        if (Exists)
        {
            File.Delete(_path);
        }
    }

    /// <summary>Makes the folder, so that hours of work do not end in one that cannot be written to.</summary>
    /// <exception cref="CheckpointException">It cannot be.</exception>
    public void Prepare() => Guard(() =>
    {
        Directory.CreateDirectory(folder);
        File.Create(_path + ".next", 1, FileOptions.DeleteOnClose).Dispose();
    });

    internal void Save(string identity, Action<BinaryWriter> write) => Guard(() =>
    {
        Directory.CreateDirectory(folder);
        string next = _path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.ReadWrite))
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

        File.Move(next, _path, overwrite: true);
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
