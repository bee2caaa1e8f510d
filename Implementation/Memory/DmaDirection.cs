namespace RxVerify.Implementation.Memory;

/// <summary>What a mapping lets the device do (enum dma_data_direction).</summary>
[Flags]
public enum DmaDirection : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The device reads, as it does to send (DMA_TO_DEVICE).</summary>
    ToDevice = 1,

    /// <summary>The device writes, as it does to receive (DMA_FROM_DEVICE).</summary>
    FromDevice = 2,

    /// <summary>Both, as for pages from which a program may send what was received (DMA_BIDIRECTIONAL).</summary>
    Bidirectional = ToDevice | FromDevice,
}
