using System.Runtime.InteropServices;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Dqo.Defects;

namespace RxVerify.Tests.Explorer;

/// <summary>
/// Equal keys mean equal futures. Each state is reached by many ways, and the emulation differs after each: frames, epochs, skbs,
/// serials. Whatever the way, the same kinds of step have to lead to the same keys and break the same claims.
/// </summary>
public class DqoWholeKeyTests
{
    [Theory]
    [InlineData(1, false, int.MaxValue)]
    [InlineData(2, false, int.MaxValue)]
    [InlineData(3, false, int.MaxValue)]
    [InlineData(4, true, int.MaxValue)]
    [InlineData(5, true, 4_000)]
    [InlineData(8, false, int.MaxValue)]
    [InlineData(9, false, 4_000)]
    [InlineData(9, true, 2_000)]
    public void Whatever_the_way_to_a_state_the_same_can_happen_in_it(int which, bool hostile, int statesMax) =>
        Check<RightRules>(WholeConfigurations.Small(which), hostile, DqoClaims.All, statesMax);

    // A page is also asked for in place of one that the same step gave up.
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(8, false)]
    [InlineData(4, true)]
    public void A_failure_that_is_left_out_would_not_have_struck(int which, bool hostile)
    {
        using var futures = new Futures<RightRules>(WholeConfigurations.Small(which), hostile, ClaimSet.All, DqoSymmetry.None);
        int left = 0;
        futures.Walk(snapshot =>
        {
            var taken = futures.NamesIn(snapshot);
            var reached = futures.Of(snapshot).Select(step => step.Next).ToHashSet();
            foreach (string step in futures.Names.Where(name => name.EndsWith("fails", StringComparison.Ordinal) && !taken.Contains(name)))
            {
                // With what fails and without it a step is allowed in the same states, and refill where post is.
                string whole = step.Split(", ")[0];
                if (taken.Contains(whole == "refill" ? "post one buffer" : whole))
                {
                    left++;
                    Assert.True(reached.Contains(futures.After(snapshot, step)), $"'{step}' was left out, and nothing else leads where it does");
                }
            }
        });

        Assert.True(left > 0, "nothing was left out");
    }

    // The same modulo names: equal keys mean futures that are equal but for names.
    [Theory]
    [InlineData(1, false, int.MaxValue)]
    [InlineData(2, false, int.MaxValue)]
    [InlineData(3, false, int.MaxValue)]
    [InlineData(6, false, 2_000)]
    [InlineData(9, false, int.MaxValue)]
    [InlineData(10, false, 2_000)]
    [InlineData(4, true, int.MaxValue)]
    [InlineData(5, true, int.MaxValue)]
    [InlineData(7, true, 4_000)]
    [InlineData(9, true, 2_000)]
    public void Modulo_names_whatever_the_way_to_a_state_the_same_can_happen_in_it(int which, bool hostile, int statesMax) =>
        Check<RightRules>(WholeConfigurations.Small(which), hostile, DqoClaims.All, statesMax, DqoSymmetry.All);

    // With a bias that never runs out, as most stories have it, and with one that does.
    [Theory]
    [InlineData(2, false, int.MaxValue)]
    [InlineData(3, false, 3)]
    [InlineData(5, true, int.MaxValue)]
    public void The_same_holds_where_packets_are_cloned_and_the_queue_is_settled(int which, bool hostile, int biasLimit) =>
        Check<RightRules>(WholeConfigurations.Small(which) with { BiasLimit = biasLimit }, hostile, DqoClaims.All, statesMax: 2_000, forRuns: true);

    // Mistakes may look at what the right rules never do. Their keys have it.
    [Fact]
    public void The_same_holds_where_a_mistake_looks_at_what_the_right_rules_do_not()
    {
        CheckHunt<ReadsFieldsFirst>(DqoClaims.ConsumedOnce, hostile: false);
        CheckHunt<PostsOldAddress>(DqoClaims.MappedWhilePosted, hostile: false);
        CheckHunt<SharesNeighboursPage>(DqoClaims.OneChunkPerPage, hostile: false);
        CheckHunt<ReplenishesAfterHandUp>(DqoClaims.PagesAreOwned, hostile: false);
        CheckHunt<NapiKeepsFreedSkb>(DqoClaims.SkbsAreOwned, hostile: false);
        CheckHunt<ForgetsPartialPacket>(DqoClaims.NothingLeft, hostile: false);
        CheckHunt<KeepsUnmappedPage>(DqoClaims.PagesAreOwned, hostile: false);
        CheckHunt<NeverFlipsGeneration>(DqoClaims.ConsumedOnce, hostile: false);
        CheckHunt<FlipsGenerationEarly>(DqoClaims.ConsumedOnce, hostile: false);
        CheckHunt<ReplenishesTooMuch>(DqoClaims.ReferencesBalance, hostile: false);
        CheckHunt<AcceptsUnpostedBuffers>(DqoClaims.Partition, hostile: true);
        CheckHunt<UnknownBufferReturnsSlots>(DqoClaims.SlotsSuffice, hostile: true);
        CheckHunt<RestStartsNewPacket>(DqoClaims.PacketsAreWhole, hostile: true);
        CheckHunt<TrustsLength>(DqoClaims.DamagedStaysOut, hostile: true);
        CheckHunt<CopiesOneTooLate>(DqoClaims.StackCannotPin, hostile: false, WholeConfigurations.Small(9));
        CheckHunt<KeepsCountingUsedStates>(DqoClaims.CopiesOnlyWhenShort, hostile: false, WholeConfigurations.Small(9));
    }

    private static void CheckHunt<TRules>(Claim claim, bool hostile, DqoConfiguration? configuration = null)
        where TRules : struct, IDqoRules =>
        Check<TRules>(configuration ?? WholeConfigurations.Small(2), hostile, [claim], statesMax: 1_000);

    private static void Check<TRules>(DqoConfiguration configuration, bool hostile, IEnumerable<Claim> claims, int statesMax, DqoSymmetry symmetry = DqoSymmetry.None, bool forRuns = false)
        where TRules : struct, IDqoRules
    {
        using var futures = new Futures<TRules>(configuration, hostile, ClaimSet.Of([.. claims]), symmetry, forRuns);
        var snapshots = new Dictionary<Key, byte[]>();
        var open = new Queue<Key>();
        futures.Start();
        Reach(futures.Present(), futures.Snapshot());
        int compared = 0;
        while (open.TryDequeue(out var key) && snapshots.Count < statesMax)
        {
            var first = futures.Of(snapshots[key]);
            foreach (var step in first)
            {
                if (step.Next is null)
                {
                    continue;
                }

                if (!snapshots.TryGetValue(step.Next, out byte[]? other))
                {
                    Reach(step.Next, step.Snapshot);
                    continue;
                }

                compared++;
                var here = futures.Of(step.Snapshot).Select(next => next.Seen).ToHashSet();
                var there = futures.Of(other).Select(next => next.Seen).ToHashSet();
                Assert.True(here.SetEquals(there), $"two ways to one state differ in what follows, {typeof(TRules).Name}: {string.Join(", ", here.Except(there).Concat(there.Except(here)).Take(3))}");
            }
        }

        Assert.True(compared > snapshots.Count, "states were reached by one way only");

        void Reach(Key key, byte[] snapshot)
        {
            snapshots.Add(key, snapshot);
            open.Enqueue(key);
        }
    }

    /// <summary>The words of a key.</summary>
    private sealed class Key(ulong[] words) : IEquatable<Key>
    {
        private readonly ulong[] _words = words;

        public bool Equals(Key? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(_words.AsSpan()));
            return hash.ToHashCode();
        }

        public override string ToString() => string.Join('-', _words.Select(word => word.ToString("x", System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>One step from a state.</summary>
    private sealed record Step(string Kind, Key? Next, string? Problem, byte[] Snapshot)
    {
        public (string Kind, Key? Next, string? Problem) Seen => (Kind, Next, Problem);
    }

    private sealed class Futures<TRules>(DqoConfiguration configuration, bool hostile, ClaimSet claims, DqoSymmetry symmetry, bool forRuns = false) : IDisposable
        where TRules : struct, IDqoRules
    {
        private readonly DqoWhole<TRules> _system = new(configuration, hostile, claims, refines: false, symmetry, forRuns);
        private readonly Dictionary<string, int> _names = [];

        /// <summary>Names of all steps.</summary>
        public IEnumerable<string> Names => _names.Keys;

        public void Start()
        {
            _system.Start();
            for (int operation = 0; operation < _system.EnabledMax; operation++)
            {
                _names[_system.Name(operation)] = operation;
            }
        }

        public Key Present()
        {
            ulong[] words = new ulong[_system.KeyWords];
            _system.WriteKey(words);
            return new Key(words);
        }

        public byte[] Snapshot()
        {
            byte[] snapshot = new byte[_system.SnapshotSize];
            _system.Save(snapshot);
            return snapshot;
        }

        /// <summary>Looks at every state, once.</summary>
        public void Walk(Action<byte[]> look)
        {
            Start();
            var known = new HashSet<Key> { Present() };
            var open = new Queue<byte[]>([Snapshot()]);
            while (open.TryDequeue(out byte[]? snapshot))
            {
                look(snapshot);
                foreach (var step in Of(snapshot).Where(step => step.Next is not null && known.Add(step.Next)))
                {
                    open.Enqueue(step.Snapshot);
                }
            }
        }

        /// <summary>The state after a step; null where a claim broke.</summary>
        public Key? After(byte[] snapshot, string name)
        {
            _system.Load(snapshot);
            ulong landmarks = 0;
            return _system.Apply(_names[name], ref landmarks) is null ? Present() : null;
        }

        /// <summary>Names of the steps that are taken in a state.</summary>
        public HashSet<string> NamesIn(byte[] snapshot)
        {
            int[] operations = new int[_system.EnabledMax];
            _system.Load(snapshot);
            int count = _system.Enabled(operations);
            return [.. operations.Take(count).Select(_system.Name)];
        }

        public List<Step> Of(byte[] snapshot)
        {
            var steps = new List<Step>();
            int[] operations = new int[_system.EnabledMax];
            _system.Load(snapshot);
            _system.Mark();
            int count = _system.Enabled(operations);
            foreach (int operation in operations.AsSpan(0, count))
            {
                ulong landmarks = 0;
                var problem = _system.Apply(operation, ref landmarks);

                // Where a claim broke the walk goes no further, and nothing bounds what a key would have to say.
                steps.Add(new Step(_system.Kinds[_system.KindOf(operation)], problem is null ? Present() : null, problem?.Claim, Snapshot()));
                _system.Back();
            }

            return steps;
        }

        public void Dispose() => _system.Dispose();
    }
}
