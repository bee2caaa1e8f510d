using System.Runtime.InteropServices;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Benchmarks;

/// <summary>The constants of <c>struct config</c> in native/dqo.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DqoNativeConfiguration(DqoConfiguration configuration, int skbs)
{
    public readonly int PageSize = configuration.PageSize;
    public readonly int ChunkSize = configuration.ChunkSize;
    public readonly int BufferSlots = configuration.BufferSlots;
    public readonly int CompletionSlots = configuration.CompletionSlots;
    public readonly int States = configuration.BufferStates;
    public readonly int BiasLimit = configuration.BiasLimit;
    public readonly int UsedProbes = configuration.UsedProbes;
    public readonly int DoorbellBatch = configuration.DoorbellBatch;
    public readonly int Copybreak = configuration.Copybreak;
    public readonly int FragmentsMax = configuration.FragmentsMax;
    public readonly int Capacity = configuration.StackCapacity;
    public readonly int Skbs = skbs;
}

/// <summary>The queue, its device and its stack in C: native/dqo.c, compiled when the program starts.</summary>
internal sealed unsafe class DqoNativeQueue : IReceiveQueue
{
    private readonly nint _world;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int> _batch;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int> _receive;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _poll;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _release;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong> _digest;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroy;

    /// <summary>A queue created and filled.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="skbs">Skbs that can exist at once.</param>
    /// <param name="hasLedgers">Whether it also keeps what the emulation keeps for its checks.</param>
    public DqoNativeQueue(DqoConfiguration configuration, int skbs, bool hasLedgers)
    {
        nint library = NativeCode.Load("dqo", hasLedgers);
        _batch = (delegate* unmanaged[Cdecl]<nint, int, int, int>)NativeLibrary.GetExport(library, "dqo_batch");
        _receive = (delegate* unmanaged[Cdecl]<nint, int, int, int>)NativeLibrary.GetExport(library, "dqo_receive");
        _poll = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(library, "dqo_poll");
        _release = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(library, "dqo_release");
        _digest = (delegate* unmanaged[Cdecl]<nint, ulong>)NativeLibrary.GetExport(library, "dqo_digest");
        _destroy = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "dqo_destroy");
        var create = (delegate* unmanaged[Cdecl]<DqoNativeConfiguration*, nint>)NativeLibrary.GetExport(library, "dqo_create");
        var constants = new DqoNativeConfiguration(configuration, skbs);
        _world = create(&constants);
    }

    /// <inheritdoc/>
    public int Batch(int packets, int size) => _batch(_world, packets, size);

    public void Receive(int size, int buffers) => _receive(_world, size, buffers);

    public int Poll(int budget) => _poll(_world, budget);

    public void Release(int place) => _release(_world, place);

    /// <inheritdoc/>
    public ulong Digest() => _digest(_world);

    public void Dispose() => _destroy(_world);
}
