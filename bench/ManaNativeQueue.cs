using System.Runtime.InteropServices;
using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Benchmarks;

/// <summary>The constants of <c>struct config</c> in native/mana.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ManaNativeConfiguration
{
    public readonly int PageSize;
    public readonly int DataSize;
    public readonly int AllocSize;
    public readonly int Alignment;
    public readonly int QueueSize;
    public readonly int CompletionSlots;
    public readonly int PollMax;
    public readonly int Cache;
    public readonly int Refill;
    public readonly int Ring;
    public readonly int RingClears;
    public readonly int Frames;
    public readonly int Skbs;

    /// <summary>The constants of a queue without a program.</summary>
    public ManaNativeConfiguration(ManaConfiguration configuration)
    {
        var layout = ManaBuffers.LayoutOf<RightManaRules>(configuration.Request(hasProgram: false)).Layout;
        var pool = configuration.Pool(layout);
        PageSize = configuration.PageSize;
        DataSize = layout.DataSize;
        AllocSize = layout.AllocSize;
        Alignment = configuration.CacheAlignment;
        QueueSize = configuration.QueueSize;
        CompletionSlots = configuration.CompletionSlots;
        PollMax = configuration.PollMax;
        Cache = pool.CacheSize;
        Refill = pool.Refill;
        Ring = pool.RingSlots;
        RingClears = pool.RingClears;
        Frames = configuration.PagesMax;
        Skbs = configuration.HeldMax + 1;
    }
}

/// <summary>The queue, its pool, its device and its stack in C: native/mana.c.</summary>
internal sealed unsafe class ManaNativeQueue : IReceiveQueue
{
    private readonly nint _world;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int> _batch;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _receive;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _poll;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int> _release;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong> _digest;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroy;

    /// <summary>A queue created and filled.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="isLocal">Whether the readers of a batch let go on the pool's processor.</param>
    /// <param name="hasLedgers">Whether it also keeps what the emulation keeps for its checks.</param>
    public ManaNativeQueue(ManaConfiguration configuration, bool isLocal, bool hasLedgers)
    {
        nint library = NativeCode.Load("mana", hasLedgers);
        _batch = (delegate* unmanaged[Cdecl]<nint, int, int, int>)NativeLibrary.GetExport(library, "mana_batch");
        _receive = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(library, "mana_receive");
        _poll = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "mana_poll");
        _release = (delegate* unmanaged[Cdecl]<nint, int, int, int>)NativeLibrary.GetExport(library, "mana_release");
        _digest = (delegate* unmanaged[Cdecl]<nint, ulong>)NativeLibrary.GetExport(library, "mana_digest");
        _destroy = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "mana_destroy");
        var create = (delegate* unmanaged[Cdecl]<ManaNativeConfiguration*, nint>)NativeLibrary.GetExport(library, "mana_create");
        var constants = new ManaNativeConfiguration(configuration);
        _world = create(&constants);
        Receive(1);
        Poll();
        Release(0, isLocal);
    }

    /// <inheritdoc/>
    public int Batch(int packets, int size) => _batch(_world, packets, size);

    public void Receive(int size) => _receive(_world, size);

    public int Poll() => _poll(_world);

    public void Release(int place, bool isLocal) => _release(_world, place, isLocal ? 1 : 0);

    /// <inheritdoc/>
    public ulong Digest() => _digest(_world);

    public void Dispose() => _destroy(_world);
}
