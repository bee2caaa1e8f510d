using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Benchmarks;

/// <summary>
/// A MANA queue whose device writes each packet and whose reader copies it out before it lets go, as a socket does. What the bytes
/// are is checked when the queue is made; the measurement copies them.
/// </summary>
internal sealed unsafe class ManaPayloadQueue : IDisposable
{
    private const int Warming = 64;

    private readonly ManaWorld<RightManaRules, RightPoolRules> _world;
    private readonly byte[] _user = new byte[ReceiveBenchmark.Size];

    /// <summary>A queue in the state that it stays in: every buffer was used several times.</summary>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="fullPages">Whether each buffer has a page for itself, or pages are cut into fragments.</param>
    public ManaPayloadQueue(int pageSize, bool fullPages)
    {
        _world = new ManaWorld<RightManaRules, RightPoolRules>(
            new ManaConfiguration { PageSize = pageSize, FullPages = fullPages, HeldMax = 2 * ReceiveBenchmark.Packets });
        for (int batch = 0; batch < Warming; batch++)
        {
            Batch(checks: true);
        }
    }

    /// <summary>Pages that the queue has: posted, cached, in the ring, being cut.</summary>
    public int Pages => _world.Memory.LivePages;

    /// <summary>Bytes of memory that nobody else can use meanwhile.</summary>
    public long PinnedBytes => (long)Pages * _world.Memory.PageSize;

    /// <summary>Bytes that a socket is charged for one packet (truesize).</summary>
    public int Charged => _world.Queue.Layout.AllocSize;

    /// <summary>Packets arrive, are polled, copied out and let go on the queue's processor; their slots are posted again.</summary>
    public void Batch() => Batch(checks: false);

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();

    private void Batch(bool checks)
    {
        int first = _world.Device.Packets + 1;
        for (int packet = 0; packet < ReceiveBenchmark.Packets; packet++)
        {
            _world.Device.Receive(ReceiveBenchmark.Size);
        }

        _world.Queue.Poll();
        for (int place = _world.Stack.HeldPackets - 1; place >= 0; place--)
        {
            Read(place, checks ? first + place : 0);
            _world.Apply(ManaOperation.Release(place, local: true));
        }
    }

    private void Read(int place, int number)
    {
        var bytes = _world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0];
        byte* packet = _world.Memory.ProcessorAccess(bytes.Frame, bytes.Offset, bytes.Length);
        new ReadOnlySpan<byte>(packet, bytes.Length).CopyTo(_user);
        fixed (byte* user = _user)
        {
            if (number > 0 && PacketPattern.FirstDifference(user, ReceiveBenchmark.Size, number, position: 0) >= 0)
            {
                throw new InvalidOperationException($"Packet {number} is not what the device wrote: the comparison would mean nothing.");
            }
        }
    }
}
