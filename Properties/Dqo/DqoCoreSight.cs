using System.Numerics;
using System.Runtime.CompilerServices;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// What a step of the driver sees of a state: all but what readers hold on pages that it neither asks about nor changes. States that differ in
/// nothing else are one to it: the driver takes the step in the first of them, and what it led to is recalled in the others.
/// </summary>
/// <remarks>
/// Which pages a step will see is expected beforehand, so that there is something to look for; kept is only what asked for no other count and changed no other page. What was held elsewhere
/// is left out of the key that is kept, and added where it is recalled. That every claim held in the first state says the same of the others: what
/// readers hold on a page that a step did not see was no part of what had to be decided after it. Not watched is what no driver can see, such as how many packets
/// the stack has, and what is no part of a state in any walk of the core, such as the numbers of frames.
/// </remarks>
public sealed class DqoCoreSight
{
    private const int IdShift = 2;

    private readonly DqoCoreConfiguration _core;
    private readonly DqoCoreKey _key;
    private readonly DqoWorld _world;
    private readonly DqoArrangement _arrangement;
    private readonly OutcomeTable _outcomes;
    private readonly ulong[] _readersOf;
    private uint _expected;
    private ulong _seen;
    private ulong _elsewhere;

    /// <summary>What steps see in the states of a core.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="key">Their keys; the core is one that <see cref="Fits"/>.</param>
    /// <param name="world">Where steps are taken.</param>
    /// <param name="arrangement">The states in which they are.</param>
    /// <param name="outcomes">Where what they led to is kept.</param>
    public DqoCoreSight(DqoCoreConfiguration core, DqoCoreKey key, DqoWorld world, DqoArrangement arrangement, OutcomeTable outcomes)
    {
        (_core, _key, _world, _arrangement, _outcomes) = (core, key, world, arrangement, outcomes);
        _readersOf = [.. Enumerable.Range(0, 1 << core.States).Select(pages => key.ReadersOf((uint)pages))];
    }

    /// <summary>Whether the keys of a core have room for the number of a step where they tell of pages given up, which no step sees.</summary>
    public static bool Fits(DqoCoreConfiguration core)
    {
        var key = new DqoCoreKey(core, DqoSymmetry.None, balances: true);
        int stepBits = BitWriter.BitsFor(((int)DqoCoreStepKind.Put * core.States) + 1);
        return key.FollowsReaders && key.OrphansAt + stepBits <= BitWriter.WordBits;
    }

    /// <summary>Asks memory for what will be looked for in a state.</summary>
    public void Foresee(ulong key)
    {
        _key.ReadPlaces(key, out int recycled, out uint posted);
        if (BitOperations.PopCount(posted) < _core.PostedMax)
        {
            uint pages = PagesOfPost(recycled, posted);
            _outcomes.Prefetch(SeenBy(new DqoCoreStep(DqoCoreStepKind.Post), pages, key, out _));
            if (recycled < 0)
            {
                _outcomes.Prefetch(SeenBy(new DqoCoreStep(DqoCoreStepKind.PostWithoutPage), pages, key, out _));
            }
        }

        for (; posted != 0; posted &= posted - 1)
        {
            int id = BitOperations.TrailingZeroCount(posted);
            _outcomes.Prefetch(SeenBy(new DqoCoreStep(DqoCoreStepKind.Complete, id), 1u << id, key, out _));
            _outcomes.Prefetch(SeenBy(new DqoCoreStep(DqoCoreStepKind.CompleteCopied, id), 1u << id, key, out _));
        }
    }

    /// <summary>Looks for what a step led to in a state that is no other to it.</summary>
    /// <param name="key">The state's key.</param>
    /// <param name="state">The state.</param>
    /// <param name="step">A step of the driver.</param>
    /// <param name="after">The key of the state it leads to.</param>
    public bool TryRecall(ulong key, DqoCoreState state, DqoCoreStep step, out ulong after)
    {
        _expected = step.Kind >= DqoCoreStepKind.Complete
            ? 1u << step.Id
            : PagesOfPost(state.CountOf(DqoCoreList.Recycled) > 0 ? state.At(DqoCoreList.Recycled, 0) : -1, state.Posted);
        _seen = SeenBy(step, _expected, key, out _elsewhere);
        bool isThere = _outcomes.TryFind(_seen, out after);
        after += _elsewhere;
        return isThere;
    }

    /// <summary>Keeps what the step that was looked for led to, if it saw no more than was expected.</summary>
    /// <param name="before">The state in which it was taken.</param>
    /// <param name="state">The state it led to.</param>
    /// <param name="after">Its key.</param>
    public void Keep(DqoCoreState before, DqoCoreState state, ulong after)
    {
        uint pages = _arrangement.Changed() | (state.Posted & ~before.Posted);
        ulong frames = _world.Memory.Asked | _world.Memory.Touched;
        if ((pages & ~_expected) == 0 && (frames & ~_arrangement.FramesOf(_expected)) == 0)
        {
            _outcomes.Add(_seen, after - _elsewhere);
        }
    }

    /// <summary>The pages that posting can see: of the recycled state that is next, or of all that is neither recycled nor posted.</summary>
    private uint PagesOfPost(int recycled, uint posted) => recycled >= 0 ? 1u << recycled : ((1u << _core.States) - 1) & ~posted;

    /// <summary>A step and all that it sees of a state, as one word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong SeenBy(DqoCoreStep step, uint pages, ulong key, out ulong elsewhere)
    {
        elsewhere = key & _key.Readers & ~_readersOf[pages];
        return (key - elsewhere) + ((ulong)(((int)step.Kind | (step.Id << IdShift)) + 1) << _key.OrphansAt);
    }
}
