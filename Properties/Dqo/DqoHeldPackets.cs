using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Where the fragments of a packet lie, however its skbs hang together: what decides which references its release returns.</summary>
internal static class DqoHeldPackets
{
    /// <summary>Fragments that are told of at most; the scopes that use this bound what a packet can have.</summary>
    public const int FragmentsMax = 16;

    /// <summary>Writes frame and chunk of each fragment, in ascending order, as one number each. Returns how many there are.</summary>
    public static int Read(DqoWorld world, int head, Span<int> places)
    {
        int count = 0;
        Collect(world, head, places, ref count);
        places[..count].Sort();
        return count;
    }

    /// <summary>Whether a packet held before this one has its fragments in the same chunks, so that to release either is the same.</summary>
    public static bool HasEarlierEqual(DqoWorld world, int place)
    {
        Span<int> own = stackalloc int[FragmentsMax];
        Span<int> others = stackalloc int[FragmentsMax];
        own = own[..Read(world, world.Stack.HeldAt(place), own)];
        for (int earlier = 0; earlier < place; earlier++)
        {
            int count = Read(world, world.Stack.HeldAt(earlier), others);
            if (own.SequenceEqual(others[..count]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The fragments of an skb and of everything that hangs on it, also where a mistake hung it wrongly.</summary>
    private static void Collect(DqoWorld world, int skb, Span<int> places, ref int count)
    {
        foreach (ref readonly var fragment in world.Stack.FragmentsOf(skb))
        {
            places[count++] = (fragment.Frame * world.Configuration.ChunksPerPage) + (fragment.Offset / world.Configuration.ChunkSize);
        }

        for (int child = world.Stack[skb].FragList; child >= 0; child = world.Stack[child].Next)
        {
            Collect(world, child, places, ref count);
        }
    }
}
