using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>The constants of the core of DQO recycling: the part that decides safety, without rings, doorbells and packets.</summary>
/// <param name="States">P: buffer states.</param>
/// <param name="Chunks">S: chunks of a page.</param>
/// <param name="PostedMax">R: most buffers posted at once.</param>
/// <param name="ReferencesMax">K: most references the stack holds.</param>
/// <param name="Probes">T: entries of the used list examined.</param>
/// <param name="BiasLimit">B.</param>
/// <param name="Clones">C: whether the stack may clone references.</param>
public sealed record DqoCoreConfiguration(int States, int Chunks, int PostedMax, int ReferencesMax, int Probes, int BiasLimit, bool Clones);

/// <summary>
/// The core model's steps on the driver itself: one buffer posted, one completion consumed, one reference dropped or cloned. The
/// key is exactly what decides about safety: offsets, biases, counts, references, and the order of the three lists.
/// </summary>
public sealed class DqoCore : ITransitionSystem, IDisposable
{
    // One byte is copied, two are handed up.
    private const int CopiedBytes = 1;
    private const int LentBytes = 2;
    private const int BytesPerState = 5;

    // Operations in order: post, post without a page, then one each for a buffer or a chunk.
    private const int FirstComplete = 2;
    private readonly DqoCoreConfiguration _core;
    private readonly DqoWorld _world;
    private readonly int[] _list;

    /// <summary>The core on a driver with the right rules, or with a planted mistake.</summary>
    public DqoCore(DqoCoreConfiguration core, DqoDefect? defect = null)
    {
        _core = core;
        _list = new int[core.States];
        _world = DqoDefects.WorldOf(defect, ConfigurationOf(core));
        _world.Device.WritesPayload = false;
        _world.Memory.KeepsPoison = false;
    }

    /// <inheritdoc/>
    public int SnapshotSize => _world.State.Size;

    /// <inheritdoc/>
    public int KeySize => (_core.States * (BytesPerState + _core.Chunks)) + (3 * (_core.States + 1)) + 1;

    /// <inheritdoc/>
    public int Operations => 2 + (2 * _core.States) + (2 * _core.States * _core.Chunks) + 2;

    private int FirstCopied => FirstComplete + _core.States;

    private int FirstPut => FirstCopied + _core.States;

    private int FirstClone => FirstPut + (_core.States * _core.Chunks);

    private int PutOrphan => FirstClone + (_core.States * _core.Chunks);

    /// <inheritdoc/>
    public void Start()
    {
        // A queue that is created and not filled: the first page allocation fails, and nothing is posted.
        _world.Restart();
        _world.Apply(DqoOperation.Teardown());
        _world.Apply(DqoOperation.Create(DqoFault.Page));
    }

    /// <inheritdoc/>
    public bool IsEnabled(int operation)
    {
        bool hasRoom = _world.Stack.HeldPackets < _core.ReferencesMax;
        return operation switch
        {
            0 => CanPost(),
            1 => CanPost() && NeedsFreshPage(),
            _ when operation < FirstCopied => hasRoom && IsPosted(operation - FirstComplete),
            _ when operation < FirstPut => IsPosted(operation - FirstCopied),
            _ when operation < FirstClone => PlaceOf(operation - FirstPut) >= 0,
            _ when operation < PutOrphan => _core.Clones && hasRoom && PlaceOf(operation - FirstClone) >= 0,
            _ when operation == PutOrphan => PlaceOfOrphan() >= 0,
            _ => _core.Clones && hasRoom && PlaceOfOrphan() >= 0,
        };
    }

    /// <inheritdoc/>
    public string? Apply(int operation)
    {
        switch (operation)
        {
            case 0 or 1:
                _world.Apply(DqoOperation.Post(operation == 0 ? DqoFault.None : DqoFault.Page));
                break;
            case int _ when operation < FirstCopied:
                Complete(operation - FirstComplete, LentBytes);
                break;
            case int _ when operation < FirstPut:
                Complete(operation - FirstCopied, CopiedBytes);
                break;
            case int _ when operation < FirstClone:
                _world.Stack.Release(PlaceOf(operation - FirstPut));
                break;
            case int _ when operation < PutOrphan:
                _world.Stack.Clone(PlaceOf(operation - FirstClone));
                break;
            default:
                if (operation == PutOrphan)
                {
                    _world.Stack.Release(PlaceOfOrphan());
                }
                else
                {
                    _world.Stack.Clone(PlaceOfOrphan());
                }

                break;
        }

        return Problem();
    }

    /// <inheritdoc/>
    public void Save(Span<byte> snapshot) => _world.State.Save(snapshot);

    /// <inheritdoc/>
    public void Restore(ReadOnlySpan<byte> snapshot) => _world.State.Restore(snapshot);

    /// <inheritdoc/>
    public void WriteKey(Span<byte> key)
    {
        key.Clear();
        int at = 0;
        var states = _world.Queue.States;
        foreach (ref readonly var state in states)
        {
            if (state.HasPage)
            {
                key[at] = (byte)(1 + (state.Offset / _world.Configuration.ChunkSize));
                key[at + 1] = (byte)(state.LastSingle / _world.Configuration.ChunkSize);
                key[at + 2] = (byte)state.Bias;
                key[at + 3] = (byte)_world.Memory.Count(state.Frame);
                for (int chunk = 0; chunk < _core.Chunks; chunk++)
                {
                    key[at + BytesPerState + chunk] = (byte)_world.Memory.HeldOn(state.Frame, chunk * _world.Configuration.ChunkSize);
                }
            }

            at += BytesPerState + _core.Chunks;
        }

        foreach (int head in (ReadOnlySpan<int>)[_world.Queue.FreeTop, _world.Queue.RecycledHead, _world.Queue.UsedHead])
        {
            for (int id = head; id >= 0; id = states[id].Next)
            {
                key[at++] = (byte)(id + 1);
            }

            at++;
        }

        key[^1] = (byte)Orphans();
    }

    /// <inheritdoc/>
    public string Name(int operation) => operation switch
    {
        0 => "post",
        1 => "post, no page",
        _ when operation < FirstCopied => $"complete buffer {operation - FirstComplete}",
        _ when operation < FirstPut => $"complete buffer {operation - FirstCopied}, copied",
        _ when operation < FirstClone => $"put a reference on {ChunkName(operation - FirstPut)}",
        _ when operation < PutOrphan => $"clone a reference on {ChunkName(operation - FirstClone)}",
        _ when operation == PutOrphan => "put a reference on a discarded page",
        _ => "clone a reference on a discarded page",
    };

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();

    private static DqoConfiguration ConfigurationOf(DqoCoreConfiguration core) => new()
    {
        ChunkSize = core.Chunks == 3 ? 1344 : 4096 / core.Chunks,
        BufferSlots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)core.PostedMax + 1),
        CompletionSlots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, core.PostedMax)),
        BufferStates = core.States,
        BiasLimit = core.BiasLimit,
        UsedProbes = core.Probes,
        DoorbellBatch = 1,
        Copybreak = CopiedBytes,
        StackCapacity = core.ReferencesMax + 1,
    };

    private string ChunkName(int index) => $"buffer {index / _core.Chunks}, chunk {index % _core.Chunks}";

    private bool IsPosted(int id) => _world.Queue.States[id].Next == id;

    private bool CanPost()
    {
        int posted = 0;
        for (int id = 0; id < _core.States; id++)
        {
            posted += IsPosted(id) ? 1 : 0;
        }

        return posted < Math.Min(_core.PostedMax, _core.States);
    }

    /// <summary>Whether posting would have to allocate: nothing recycled, and no probe of the used list would find a free page.</summary>
    private bool NeedsFreshPage()
    {
        if (_world.Queue.RecycledHead >= 0)
        {
            return false;
        }

        int used = 0;
        var states = _world.Queue.States;
        for (int id = _world.Queue.UsedHead; id >= 0; id = states[id].Next)
        {
            _list[used++] = id;
        }

        // Without a free state one more entry is looked at, the one that is at the head after the probes.
        int looks = used == 0 ? 0 : _core.Probes + (_world.Queue.FreeTop < 0 ? 1 : 0);
        for (int look = 0; look < looks; look++)
        {
            ref readonly var state = ref states[_list[look % used]];
            if (_world.Memory.Count(state.Frame) == state.Bias)
            {
                return false;
            }
        }

        return true;
    }

    private void Complete(int id, int bytes)
    {
        int pick = 0;
        while (_world.Device.VisibleAt(pick).BufferId != id)
        {
            pick++;
        }

        _world.Stack.DropsAtOnce = bytes <= CopiedBytes;
        _world.Device.Receive(bytes, 1, pick, 0, DqoTraits.None, late: false);
        _world.Queue.Consume(1);
        _world.Stack.DropsAtOnce = false;
    }

    private int PlaceOf(int index)
    {
        ref readonly var state = ref _world.Queue.States[index / _core.Chunks];
        return state.HasPage ? Place(state.Frame, index % _core.Chunks * _world.Configuration.ChunkSize) : -1;
    }

    private int Place(int frame, int offset)
    {
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            var fragment = _world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0];
            if (fragment.Frame == frame && fragment.Offset == offset)
            {
                return place;
            }
        }

        return -1;
    }

    private int PlaceOfOrphan()
    {
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            if (!IsAttached(_world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0].Frame))
            {
                return place;
            }
        }

        return -1;
    }

    private int Orphans()
    {
        int orphans = 0;
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            orphans += IsAttached(_world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0].Frame) ? 0 : 1;
        }

        return orphans;
    }

    private bool IsAttached(int frame)
    {
        foreach (ref readonly var state in _world.Queue.States)
        {
            if (state.HasPage && state.Frame == frame)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>I3, I4 and every wrong access.</summary>
    private string? Problem()
    {
        var states = _world.Queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            if (!state.HasPage)
            {
                continue;
            }

            if (IsPosted(id) && _world.Memory.HeldOn(state.Frame, state.Offset) > 0)
            {
                return $"{DqoClaims.PostedIsUnreferenced.Id}: buffer {id} is posted at byte {state.Offset}, which a packet still references";
            }

            if (_world.Memory.Count(state.Frame) != state.Bias + _world.Memory.HeldOn(state.Frame))
            {
                return $"{DqoClaims.ReferencesBalance.Id}: the count of buffer {id}'s page is not its bias and the references outside";
            }
        }

        var trap = _world.Memory.Trap;
        return trap.Kind == Implementation.Memory.TrapKind.None ? null : $"{DqoClaims.BrokenBy(trap.Kind).Id}: {trap}";
    }
}
