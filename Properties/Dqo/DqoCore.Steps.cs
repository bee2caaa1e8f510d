using System.Runtime.CompilerServices;
using RxVerify.Explorer;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <content>Steps in the world.</content>
public partial struct DqoCore<TRules>
{
    /// <summary>Takes a step in the world. Returns what is wrong afterwards, or null.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // Most steps are recalled, and the way there should be short.
    private Problem? Take(DqoCoreStep step, int plan)
    {
        _interleaving?.Begin(plan);
        Do(step);
        _interleaving?.End();
        _standing = Standing.InWorld;
        var problem = _view.Read(_present, _arrangement, _before) ?? _view.CheckLoans(_present) ?? (_expected is null ? null : Difference(step));
        if (problem is null && _isLoaded && _sight is not null)
        {
            WriteKey(new Span<ulong>(ref _reached));
            _sight.Keep(_before, _present, _reached);
        }

        return problem;
    }

    /// <summary>Arranges the marked state, so that the world can be brought there.</summary>
    private void Arrange()
    {
        _arrangement.Begin();
        for (int id = 0; id < _core.States; id++)
        {
            ref readonly var buffer = ref _before.Buffers[id];
            if (buffer.Count == 0)
            {
                continue;
            }

            _arrangement.AddPage(id, buffer.Offset, buffer.LastSingle, buffer.Bias, buffer.Count, buffer.HeldOnChunks, LentBytes);
            if (_before.IsPosted(id))
            {
                _arrangement.Post(id);
            }
        }

        _arrangement.Ring();
        _arrangement.HoldOrphans(_before.Orphans, LentBytes);
        for (int place = 0; place < _before.CountOf(DqoCoreList.Recycled); place++)
        {
            _arrangement.AddRecycled(_before.At(DqoCoreList.Recycled, place));
        }

        for (int place = 0; place < _before.CountOf(DqoCoreList.Used); place++)
        {
            _arrangement.AddUsed(_before.At(DqoCoreList.Used, place));
        }

        for (int place = 0; place < _before.CountOf(DqoCoreList.Free); place++)
        {
            _arrangement.AddFree(_before.At(DqoCoreList.Free, place));
        }
    }

    private static DqoCoreStep StepOf(int operation) => DqoCoreStep.Of(operation & ((1 << DqoCoreStep.Bits) - 1));

    /// <summary>Adds each of the driver's steps once more for every way in which readers can let go while it is done.</summary>
    private int Interleave(Span<int> operations, int count)
    {
        for (int at = 0; at < count; at++)
        {
            var step = StepOf(operations[at]);
            if (step.Kind >= DqoCoreStepKind.Put)
            {
                continue;
            }

            _interleaving!.Begin(operations[at] >>> DqoCoreStep.Bits);
            Do(step);
            _interleaving.End();
            foreach (int plan in _interleaving.Longer)
            {
                operations[count++] = step.Code | (plan << DqoCoreStep.Bits);
            }
        }

        return count;
    }

    private void Do(DqoCoreStep step)
    {
        if (!_isArranged)
        {
            Arrange();
            (_isArranged, _isHome) = (true, false);
        }

        if (!_isHome)
        {
            _arrangement.Bring();
        }

        _isHome = false;
        switch (step.Kind)
        {
            case DqoCoreStepKind.Post:
                _world.Apply(DqoOperation.Post());
                break;
            case DqoCoreStepKind.PostWithoutPage:
                _world.Apply(DqoOperation.Post(DqoFault.Page));
                break;
            case DqoCoreStepKind.Complete:
                Complete(step.Id, LentBytes);
                break;
            case DqoCoreStepKind.CompleteCopied:
                _world.Stack.DropsAtOnce = true;
                Complete(step.Id, CopiedBytes);
                _world.Stack.DropsAtOnce = false;
                break;
            case DqoCoreStepKind.Put:
                _world.Stack.Release(_view.PlaceOf(step.Id, step.Chunk));
                break;
            case DqoCoreStepKind.PutOrphan:
                _world.Stack.Release(_view.PlaceOfOrphan());
                break;
            case DqoCoreStepKind.Clone:
                _world.Stack.Clone(_view.PlaceOf(step.Id, step.Chunk));
                break;
            default:
                _world.Stack.Clone(_view.PlaceOfOrphan());
                break;
        }
    }

    private readonly void Complete(int id, int bytes)
    {
        int pick = 0;
        while (_world.Device.VisibleAt(pick).BufferId != id)
        {
            pick++;
        }

        _world.Device.Receive(bytes, 1, pick, 0, DqoTraits.None, late: false);
        _world.Queue.Consume(1);
    }

    private readonly Problem? Difference(DqoCoreStep step)
    {
        _expected!.CopyFrom(_before);
        DqoCoreModel.Apply(_expected, step);
        return _expected.IsEqual(_present)
            ? null
            : new Problem(DqoClaims.Agreement.Id, $"after '{step}' the implementation has {_present}; the core model has {_expected}");
    }
}
