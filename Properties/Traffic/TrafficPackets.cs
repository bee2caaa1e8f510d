namespace RxVerify.Properties.Traffic;

/// <summary>What became of the packets of a capture. Every packet is in exactly one of the last five.</summary>
public sealed record TrafficPackets
{
    /// <summary>Packets read from the capture.</summary>
    public long Captured { get; set; }

    /// <summary>Their length on the wire, in bytes.</summary>
    public long CapturedBytes { get; set; }

    /// <summary>Packets the device received.</summary>
    public long Received { get; set; }

    /// <summary>Their bytes.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>Packets the device dropped because it had too few posted buffers or completion slots.</summary>
    public long DroppedNoBuffer { get; set; }

    /// <summary>Packets dropped because readers hold all the stack has room for.</summary>
    public long DroppedStackFull { get; set; }

    /// <summary>Packets left out because they have no bytes, or more than one operation can carry (65,535).</summary>
    public long SkippedLength { get; set; }

    /// <summary>Packets left out because they need more buffers than the queue can ever hold; none where a packet takes one.</summary>
    public long SkippedBuffers { get; set; }
}
