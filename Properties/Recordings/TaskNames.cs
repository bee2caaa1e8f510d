using System.Buffers.Binary;

namespace RxVerify.Properties.Recordings;

/// <summary>Names of tasks, each kept once. The kernel's have at most 15 bytes, so a name and its length are one 16-byte key.</summary>
internal sealed class TaskNames
{
    /// <summary>A file made to fill memory with names gets no further than this; later names are shown as unknown.</summary>
    private const int NamesMax = 65_536;

    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly List<string> _names = ["(unknown)"];
    private UInt128 _lastKey;
    private int _last;

    /// <summary>The number of a name.</summary>
    public int Of(ReadOnlySpan<byte> name)
    {
        Span<byte> packed = stackalloc byte[16];
        name[..Math.Min(name.Length, 15)].CopyTo(packed);
        packed[15] = (byte)(name.Length + 1);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(packed);
        if (key == _lastKey)
        {
            return _last;
        }

        if (!_numbers.TryGetValue(key, out int number) && _names.Count < NamesMax)
        {
            number = _names.Count;
            _numbers.Add(key, number);
            _names.Add(Printable.Of(name));
        }

        (_lastKey, _last) = (key, number);
        return number;
    }

    /// <summary>The name with a number, fit to be printed.</summary>
    public string this[int number] => _names[number];
}
