namespace RxVerify.Properties.Traffic;

/// <summary>One block of a pcapng file whose 8 bytes of header were taken: type, total length, body, total length again.</summary>
internal readonly struct PcapngBlock
{
    public const int HeaderBytes = 8;

    private const int TrailerBytes = 4;

    private readonly CaptureInput _input;
    private readonly uint _length;

    public PcapngBlock(CaptureInput input, ByteOrder order, long start, uint length)
    {
        if (length < HeaderBytes + TrailerBytes || length % 4 != 0)
        {
            throw input.Damaged(start, $"block length {length}", $"a multiple of 4 from {HeaderBytes + TrailerBytes}");
        }

        _input = input;
        _length = length;
        Order = order;
        Start = start;
    }

    public long Start { get; }

    public ByteOrder Order { get; }

    /// <summary>Offset in the file of the next byte to be taken.</summary>
    public long Position => _input.Position;

    /// <summary>Bytes of the body that have not been taken.</summary>
    public long Left => Start + _length - TrailerBytes - _input.Position;

    /// <summary>Refuses a block too small for what it must hold, before anything beyond its end is read as part of it.</summary>
    public void Require(long bodyBytes, string what)
    {
        var needed = HeaderBytes + bodyBytes + TrailerBytes;
        if (_length < needed)
        {
            throw Damaged(Start, $"block length {_length}", $"at least {needed} for {what}");
        }
    }

    public ReadOnlySpan<byte> Take(int count, string what) => _input.Take(count, Start, what);

    /// <summary>Passes over what is left of the body, and holds the two lengths against each other.</summary>
    public void Close()
    {
        const string What = "a block";
        _input.Skip(Left, Start, What);
        var repeated = Order.U32(_input.Take(TrailerBytes, Start, What), 0);
        if (repeated != _length)
        {
            throw Damaged(Start, $"block length {repeated} at the end of the block", $"{_length} as at its beginning");
        }
    }

    public CaptureFormatException Damaged(long offset, string found, string expected) => _input.Damaged(offset, found, expected);

    public void Skip(long count, string what) => _input.Skip(count, Start, what);
}
