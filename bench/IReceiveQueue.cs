namespace RxVerify.Benchmarks;

/// <summary>A receive queue with its device, its memory and its stack, whatever the driver and the language.</summary>
internal interface IReceiveQueue : IDisposable
{
    /// <summary>Packets arrive, are polled and let go, newest first; the buffers are posted again. Returns the work of the poll.</summary>
    int Batch(int packets, int size);

    /// <summary>Everything the algorithm decided, in one number; 0 after a wrong access.</summary>
    ulong Digest();
}
