using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Draws configurations: small ones, in which rings wrap, lists run dry and the bias runs out within a few steps.</summary>
public static class DqoConfigurations
{
    /// <summary>A valid configuration. The same dice give the same configuration.</summary>
    public static DqoConfiguration Draw(ref Dice dice, DqoScope scope)
    {
        bool pageList = scope.HasFlag(DqoScope.PageList) && dice.OneIn(3);
        int pageSize = dice.OneIn(4) ? dice.Of(16384, 65536) : 4096;
        int chunkSize = dice.OneIn(3) ? dice.Of(512, 1024, 1344, 4096) : 2048;
        int bufferSlots = dice.Of(2, 4, 4, 8, 8, 16, 64);
        int completionSlots = dice.OneIn(3) ? dice.Of(2, 4, 8, 16, 64) : bufferSlots;
        int states = dice.Between(1, Math.Min(96, 2 * bufferSlots));
        int postedMax = Math.Min(Math.Min(bufferSlots - 1, completionSlots), states);
        int batch = 1;
        while (batch * 2 <= postedMax && !dice.OneIn(2))
        {
            batch *= 2;
        }

        int chunks = pageSize / chunkSize;
        return new DqoConfiguration
        {
            PageSize = pageSize,
            ChunkSize = chunkSize,
            BufferSlots = bufferSlots,
            CompletionSlots = completionSlots,
            BufferStates = states,
            BiasLimit = dice.OneIn(3) ? int.MaxValue : chunks + dice.Between(1, 4),
            UsedProbes = dice.Of(1, 2, 5),
            DoorbellBatch = batch,
            Copybreak = Math.Min(chunkSize, dice.Of(0, 8, 256)),
            FragmentsMax = dice.Of(1, 2, 3, 17),
            StackCapacity = dice.Of(2, 4, 8, 16, 64),
            QueuePageList = pageList,
            CopyThreshold = Math.Min(states, Math.Max(batch, dice.Between(1, 4))),
        };
    }
}
