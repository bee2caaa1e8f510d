namespace RxVerify.Model.Vocabulary.Dqo;

/// <summary>
/// The constants of one DQO queue. Production values are the defaults; small values make wrap-around, exhaustion and
/// replenishment reachable (facts A.2).
/// </summary>
public sealed record DqoConfiguration
{
    /// <summary>Bytes in one page: 4096, 16384 or 65536.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Bytes in one chunk, the unit that is posted (A.2: 2048).</summary>
    public int ChunkSize { get; init; } = 2048;

    /// <summary>Descriptors in the buffer queue, a power of two; one of them always stays empty (A.2).</summary>
    public int BufferSlots { get; init; } = 512;

    /// <summary>Descriptors in the completion queue, a power of two, not necessarily that of the buffer queue (A.2).</summary>
    public int CompletionSlots { get; init; } = 512;

    /// <summary>Buffer states, and so the most pages the driver holds at once (A.2: four for each buffer slot).</summary>
    public int BufferStates { get; init; } = 2048;

    /// <summary>References the driver pays in advance for a page (A.2: INT_MAX).</summary>
    public int BiasLimit { get; init; } = int.MaxValue;

    /// <summary>Entries of the used list examined for one request (A.2: 5).</summary>
    public int UsedProbes { get; init; } = 5;

    /// <summary>Descriptors between two doorbells, a power of two (A.2: 32).</summary>
    public int DoorbellBatch { get; init; } = 32;

    /// <summary>Longest packet, in bytes, that is copied out of its chunk (A.2: 256, inclusive).</summary>
    public int Copybreak { get; init; } = 256;

    /// <summary>Most fragments in one skb, the kernel's MAX_SKB_FRAGS (A.2: 17 on 4 KiB pages, 16 on larger ones).</summary>
    public int FragmentsMax { get; init; } = 17;

    /// <summary>
    /// Most buffers' worth of packets the stack may hold or be about to receive: each fragment counts one and each copied
    /// packet counts one. It bounds the environment, not the driver.
    /// </summary>
    public int StackCapacity { get; init; } = 1024;

    /// <summary>Whether the pages are a fixed set registered once, the queue page list of A.9.2.</summary>
    public bool QueuePageList { get; init; }

    /// <summary>
    /// With a queue page list: buffer states that must stay clear of the used list; when fewer are left, packets are
    /// copied into fresh pages (A.9.3).
    /// </summary>
    public int CopyThreshold { get; init; } = 32;

    /// <summary>Chunks that fit one page (A.2: 2, 8 or 32).</summary>
    public int ChunksPerPage => PageSize / ChunkSize;

    /// <summary>Most buffers that can be posted at once: one buffer slot stays empty, each needs a completion slot and a state.</summary>
    public int PostedMax => Math.Min(Math.Min(BufferSlots - 1, CompletionSlots), BufferStates);

    /// <summary>
    /// Pages that can be live at once: one for each state, and one for each buffer's worth of packets the stack may hold
    /// on pages the driver has given up or has copied into.
    /// </summary>
    public int PagesMax => BufferStates + StackCapacity + 1;

    /// <summary>The driver's own choice of the number of states for a buffer queue (A.2, without the overflow of A-D12).</summary>
    public static int StatesFor(int bufferSlots) => Math.Min(short.MaxValue, 4 * bufferSlots);

    /// <summary>Most fragments in one skb for a page size (A.2).</summary>
    public static int FragmentsMaxFor(int pageSize) => Math.Max(16, (65536 / pageSize) + 1);

    /// <summary>Says in one sentence what is wrong with these constants, or null when a queue can be built from them.</summary>
    public string? Fault()
    {
        if (PageSize is not (4096 or 16384 or 65536))
        {
            return $"pageSize is {PageSize}; expected 4096, 16384 or 65536";
        }

        if (ChunkSize < 64 || ChunkSize > Math.Min(PageSize, 8192))
        {
            return $"chunkSize is {ChunkSize}; expected 64 to {Math.Min(PageSize, 8192)} bytes (packet_len has 14 bits)";
        }

        if (!IsPowerOfTwo(BufferSlots) || BufferSlots is < 2 or > 32768)
        {
            return $"bufferSlots is {BufferSlots}; expected a power of two from 2 to 32768";
        }

        if (!IsPowerOfTwo(CompletionSlots) || CompletionSlots is < 2 or > 32768)
        {
            return $"completionSlots is {CompletionSlots}; expected a power of two from 2 to 32768";
        }

        if (BufferStates is < 1 or > short.MaxValue)
        {
            return $"bufferStates is {BufferStates}; expected 1 to {short.MaxValue} (links have 16 bits)";
        }

        if (BiasLimit <= ChunksPerPage)
        {
            return $"biasLimit is {BiasLimit}; expected more than a page has chunks, {ChunksPerPage}, or replenishment has nothing to give";
        }

        if (UsedProbes < 1)
        {
            return $"usedProbes is {UsedProbes}; expected at least 1";
        }

        if (!IsPowerOfTwo(DoorbellBatch) || DoorbellBatch > PostedMax)
        {
            return $"doorbellBatch is {DoorbellBatch}; expected a power of two of at most {PostedMax}, the most that can be posted";
        }

        if (Copybreak < 0 || Copybreak > ChunkSize)
        {
            return $"copybreak is {Copybreak}; expected 0 to {ChunkSize}, one chunk";
        }

        if (FragmentsMax is < 1 or > 17)
        {
            return $"fragmentsMax is {FragmentsMax}; expected 1 to 17";
        }

        if (StackCapacity is < 1 or > 1_000_000)
        {
            return $"stackCapacity is {StackCapacity}; expected 1 to 1000000";
        }

        if (QueuePageList && (CopyThreshold < DoorbellBatch || CopyThreshold > BufferStates))
        {
            return $"copyThreshold is {CopyThreshold}; expected {DoorbellBatch} (one doorbell batch) to {BufferStates} (all states)";
        }

        return null;
    }

    private static bool IsPowerOfTwo(int value) => value > 0 && int.IsPow2(value);
}
