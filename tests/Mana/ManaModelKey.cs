using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary;
using RxVerify.Tests.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>
/// Everything that decides what a world can do next, as text: two worlds with the same text differ in the numbers of their pages and
/// packets and in statistics only.
/// </summary>
internal static class ManaModelKey
{
    public static string Of(ManaModel world)
    {
        var key = new PoolModelKey();
        if (world.Queue is { } queue)
        {
            Append(key, queue);
        }

        foreach (var pool in world.Waiting)
        {
            key.Append("|w");
            key.Append(pool);
        }

        Append(key, "|p", world.Packets);
        Append(key, "|t", world.Transmissions);
        foreach (var frame in world.Frames)
        {
            Append(key, "|f", frame.Range);
        }

        return key.ToString();
    }

    private static void Append(PoolModelKey key, ManaQueueModel queue)
    {
        key.Append(queue.Pool);
        key.Append($"|q{queue.HasProgram} next {queue.NextSlot} visible {string.Join(',', queue.Visible)}");
        foreach (var buffer in queue.Slots)
        {
            key.Append($"|s{buffer.Offset} {buffer.IsFromPool}");
            key.Append(buffer.Page);
        }

        foreach (var completion in queue.Completions)
        {
            key.Append($"|c{completion.Report} {completion.Slot} {completion.Length} {completion.Verdict}");
        }

        if (queue.Saved != PageId.None)
        {
            key.Append("|saved");
            key.Append(queue.Saved);
        }
    }

    private static void Append(PoolModelKey key, string what, IEnumerable<ManaPacket> packets)
    {
        foreach (var packet in packets)
        {
            Append(key, $"{what}{packet.IsRecycled}{packet.Truesize}", packet.Range);
        }
    }

    private static void Append(PoolModelKey key, string what, Fragment range)
    {
        key.Append($"{what} {range.Offset}+{range.Length}");
        key.Append(range.Page);
    }
}
