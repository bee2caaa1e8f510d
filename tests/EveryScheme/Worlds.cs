using RxVerify.Implementation.Memory;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of the world of each scheme.</summary>
internal static class Worlds
{
    /// <summary>Whether the same operations make two worlds different before so many of them are drawn.</summary>
    /// <param name="right">The world of the right rules, from which operations are drawn.</param>
    /// <param name="wrong">The other one.</param>
    /// <param name="next">Draws the next operation.</param>
    /// <param name="steps">Operations drawn at most.</param>
    public static bool Differ<TOperation, TOutcome>(IWorld<TOperation, TOutcome> right, IWorld<TOperation, TOutcome> wrong, Func<TOperation> next, int steps)
        where TOutcome : struct, IEquatable<TOutcome>
    {
        right.Restart();
        wrong.Restart();
        for (int step = 0; step < steps; step++)
        {
            var operation = next();
            bool isAllowed = right.Allows(operation);
            if (isAllowed != wrong.Allows(operation))
            {
                return true;
            }

            if (isAllowed && (!right.Apply(operation).Equals(wrong.Apply(operation)) || !right.State.Bytes.SequenceEqual(wrong.State.Bytes)))
            {
                Assert.Equal(TrapKind.None, right.Memory.Trap.Kind);
                return true;
            }
        }

        return false;
    }

    /// <summary>A snapshot taken after a beginning is the state, and going on from it is going on.</summary>
    public static void GoOnFromASnapshot(StateBlock state, Action begin, Action goOn)
    {
        begin();
        byte[] snapshot = new byte[state.Size];
        state.Save(snapshot);
        goOn();
        byte[] end = state.Bytes.ToArray();

        state.Restore(snapshot);
        Assert.Equal(snapshot, state.Bytes);
        goOn();
        Assert.Equal(end, state.Bytes);
    }

    /// <summary>After a run that changes the state, a restart makes the world as new.</summary>
    public static void RestartIsANewWorld<TOperation, TOutcome>(IWorld<TOperation, TOutcome> world, Action run)
    {
        byte[] start = world.State.Bytes.ToArray();
        run();
        Assert.False(world.State.Bytes.SequenceEqual(start), "a run changes the state");
        world.Restart();
        Assert.Equal(start, world.State.Bytes);
    }
}
