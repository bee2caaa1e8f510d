namespace RxVerify.Properties.Traffic;

/// <summary>Where packets come from: the facts of a file header or of one pcapng interface.</summary>
/// <param name="LinkType">How the captured bytes begin (the LINKTYPE registry of tcpdump.org).</param>
/// <param name="SnapLength">The most bytes captured of a packet; 0 is no limit in pcapng, and libpcap reads it so in pcap too.</param>
/// <param name="Clock">The meaning of its time stamps.</param>
internal readonly record struct CaptureInterface(int LinkType, uint SnapLength, CaptureClock Clock);

/// <summary>The part of reading a packet that all formats share: checked lengths, a monotone time, the protocol, the bytes passed over.</summary>
internal sealed class PacketAssembler(CaptureInput input)
{
    /// <summary>libpcap's own limit (MAXIMUM_SNAPLEN): above it a length is taken for damage.</summary>
    private const uint CapturedMax = 256 * 1024;

    /// <summary>No aggregated packet is that long; it keeps sums of lengths far from overflow.</summary>
    private const uint OriginalMax = 1024 * 1024 * 1024;

    private bool _hasOrigin;
    private Int128 _origin;
    private long _latest;

    /// <summary>Refuses lengths that no capture has, before anything is read according to them.</summary>
    public void CheckLengths(long record, in CaptureInterface source, uint captured, uint original)
    {
        if (captured > CapturedMax)
        {
            throw input.Damaged(record, $"captured length {captured}", $"at most {CapturedMax}");
        }

        if (source.SnapLength != 0 && captured > source.SnapLength)
        {
            throw input.Damaged(record, $"captured length {captured}", $"at most the snap length {source.SnapLength}");
        }

        if (original is 0 or > OriginalMax)
        {
            throw input.Damaged(record, $"original length {original}", $"1 to {OriginalMax}");
        }

        if (original < captured)
        {
            throw input.Damaged(record, $"original length {original}", $"at least the captured length {captured}");
        }
    }

    /// <summary>Reads the captured bytes that come next; their lengths have been checked. The time is nanoseconds since 1970, if known.</summary>
    public CapturedPacket Read(long record, in CaptureInterface source, uint captured, uint original, Int128? time)
    {
        if (time is { } known)
        {
            Advance(record, known);
        }

        const string What = "a packet";
        var head = input.Take((int)Math.Min(captured, CaptureInput.PieceMax), record, What);
        var protocol = PacketHeaders.Classify(source.LinkType, head);
        input.Skip(captured - head.Length, record, What);
        return new CapturedPacket(_latest, (int)original, (int)captured, protocol);
    }

    private void Advance(long record, Int128 time)
    {
        if (!_hasOrigin)
        {
            (_hasOrigin, _origin) = (true, time);
        }

        var distance = time - _origin;
        if (distance > long.MaxValue)
        {
            throw input.Damaged(record, "a time stamp more than 292 years after the first", "one that 63 bits of nanoseconds can tell");
        }

        // Several interfaces, or a clock set back while capturing, give stamps out of order; a replay cannot go back in time.
        _latest = distance > _latest ? (long)distance : _latest;
    }
}
