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

    private static void Check<TRules>(DqoConfiguration configuration, bool hostile, IEnumerable<Claim> claims, int statesMax)
        where TRules : struct, IDqoRules
    {
        using var futures = new Futures<TRules>(configuration, hostile, ClaimSet.Of([.. claims]));
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

    private sealed class Futures<TRules>(DqoConfiguration configuration, bool hostile, ClaimSet claims) : IDisposable
        where TRules : struct, IDqoRules
    {
        private readonly DqoWhole<TRules> _system = new(configuration, hostile, claims, refines: false);

        public void Start() => _system.Start();

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
