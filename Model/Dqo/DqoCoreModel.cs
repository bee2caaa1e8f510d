namespace RxVerify.Model.Dqo;

/// <summary>
/// The core of DQO recycling as an exact small model (facts A.4, A.5.1 and A.5.3 with the right rules, each step indivisible):
/// what the implementation refines, step by step.
/// </summary>
public static class DqoCoreModel
{
    /// <summary>Most steps possible in one state.</summary>
    public static int StepsMax(DqoCoreConfiguration core) => 2 + (2 * core.States) + (2 * core.States * core.Chunks) + 2;

    /// <summary>Writes the possible steps in a fixed order, as codes. Returns how many.</summary>
    public static int Possible(DqoCoreState state, Span<int> steps)
    {
        var core = state.Core;
        bool hasRoom = state.References < core.ReferencesMax;
        bool clones = core.Clones && hasRoom;
        int count = 0;
        if (state.PostedCount < core.PostedMax)
        {
            steps[count++] = new DqoCoreStep(DqoCoreStepKind.Post).Code;
            if (NeedsPage(state))
            {
                steps[count++] = new DqoCoreStep(DqoCoreStepKind.PostWithoutPage).Code;
            }
        }

        for (int id = 0; id < core.States; id++)
        {
            if (state.IsPosted(id))
            {
                if (hasRoom)
                {
                    steps[count++] = new DqoCoreStep(DqoCoreStepKind.Complete, id).Code;
                }

                steps[count++] = new DqoCoreStep(DqoCoreStepKind.CompleteCopied, id).Code;
            }

            ref readonly var buffer = ref state.Buffers[id];
            for (int chunk = 0; chunk < core.Chunks && buffer.HeldOnChunks != 0; chunk++)
            {
                if (buffer.Held(chunk) > 0)
                {
                    steps[count++] = new DqoCoreStep(DqoCoreStepKind.Put, id, chunk).Code;
                    if (clones)
                    {
                        steps[count++] = new DqoCoreStep(DqoCoreStepKind.Clone, id, chunk).Code;
                    }
                }
            }
        }

        if (state.Orphans > 0)
        {
            steps[count++] = new DqoCoreStep(DqoCoreStepKind.PutOrphan).Code;
            if (clones)
            {
                steps[count++] = new DqoCoreStep(DqoCoreStepKind.CloneOrphan).Code;
            }
        }

        return count;
    }

    /// <summary>Does a possible step.</summary>
    public static void Apply(DqoCoreState state, DqoCoreStep step)
    {
        switch (step.Kind)
        {
            case DqoCoreStepKind.Post or DqoCoreStepKind.PostWithoutPage:
                Post(state, hasPage: step.Kind == DqoCoreStepKind.Post);
                break;
            case DqoCoreStepKind.Complete:
                Complete(state, step.Id);
                break;
            case DqoCoreStepKind.CompleteCopied:
                state.Posted &= ~(1u << step.Id);
                state.Append(DqoCoreList.Recycled, step.Id);
                break;
            case DqoCoreStepKind.Put:
                state.Buffers[step.Id].AddHeld(step.Chunk, -1);
                state.Buffers[step.Id].Count--;
                break;
            case DqoCoreStepKind.PutOrphan:
                state.Orphans--;
                break;
            case DqoCoreStepKind.Clone:
                state.Buffers[step.Id].AddHeld(step.Chunk, 1);
                state.Buffers[step.Id].Count++;
                break;
            default:
                state.Orphans++;
                break;
        }
    }

    /// <summary>Whether posting would have to allocate: nothing recycled, and none of the entries looked at is free.</summary>
    private static bool NeedsPage(DqoCoreState state)
    {
        if (state.CountOf(DqoCoreList.Recycled) > 0)
        {
            return false;
        }

        // Without a free state one more entry is looked at, the one at the head after the probes (A.5.1.4).
        int used = state.CountOf(DqoCoreList.Used);
        int looks = used == 0 ? 0 : state.Core.Probes + (state.CountOf(DqoCoreList.Free) == 0 ? 1 : 0);
        for (int look = 0; look < Math.Min(looks, used); look++)
        {
            if (IsUnreferenced(state, state.At(DqoCoreList.Used, look)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUnreferenced(DqoCoreState state, int id) => state.Buffers[id].Count == state.Buffers[id].Bias;

    private static void Post(DqoCoreState state, bool hasPage)
    {
        int taken = TakePostable(state);
        if (taken < 0)
        {
            if (!hasPage)
            {
                return;
            }

            taken = state.Take(DqoCoreList.Free);
            state.Buffers[taken].Bias = state.Buffers[taken].Count = (byte)state.Core.BiasLimit;
        }

        state.Posted |= 1u << taken;
    }

    /// <summary>A.5.1: a state with a page and a chunk nobody references, or -1.</summary>
    private static int TakePostable(DqoCoreState state)
    {
        if (state.CountOf(DqoCoreList.Recycled) > 0)
        {
            return state.Take(DqoCoreList.Recycled);
        }

        for (int probe = 0; probe < state.Core.Probes && state.CountOf(DqoCoreList.Used) > 0; probe++)
        {
            int candidate = state.Take(DqoCoreList.Used);
            if (IsUnreferenced(state, candidate))
            {
                return candidate;
            }

            state.Append(DqoCoreList.Used, candidate);
        }

        if (state.CountOf(DqoCoreList.Free) > 0 || state.CountOf(DqoCoreList.Used) == 0)
        {
            return -1;
        }

        int last = state.Take(DqoCoreList.Used);
        if (IsUnreferenced(state, last))
        {
            return last;
        }

        state.Orphans += state.Buffers[last].References;
        state.Buffers[last] = default;
        state.Push(DqoCoreList.Free, last);
        return -1;
    }

    /// <summary>A.4.9 and A.5.3: a reference is paid and the state classified.</summary>
    private static void Complete(DqoCoreState state, int id)
    {
        int limit = state.Core.BiasLimit;
        ref var buffer = ref state.Buffers[id];
        state.Posted &= ~(1u << id);
        buffer.AddHeld(buffer.Offset, 1);
        if (--buffer.Bias == 0)
        {
            buffer.Bias = (byte)(limit - buffer.Count);
            buffer.Count = (byte)limit;
        }

        if (state.Core.Chunks == 1)
        {
            state.Append(DqoCoreList.Used, id);
            return;
        }

        if (buffer.Count - buffer.Bias == 1)
        {
            buffer.LastSingle = buffer.Offset;
        }

        buffer.Offset = (byte)((buffer.Offset + 1) % state.Core.Chunks);
        state.Append(buffer.Offset == buffer.LastSingle ? DqoCoreList.Used : DqoCoreList.Recycled, id);
    }
}
