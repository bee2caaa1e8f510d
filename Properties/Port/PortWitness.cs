using RxVerify.Implementation.Memory;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>
/// Checks every claim of the port after each step, from what the user asked for, what the core was told, and what memory, device and
/// readers can see. The driver's own memory is read where a claim is about it, and never believed.
/// </summary>
public sealed partial class PortWitness
{
    // MANA_RXBUF_PAD and XDP_PACKET_HEADROOM, B.1: what a page has to hold beside the packet of an MTU.
    private const int BytesBesideMtu = 334 + 256;

    // More programs than can be referenced at once: the port's, the one before, the one asked for, and what queues still run.
    private const int ProgramsLookedAt = 8;

    private readonly PortWorld _world;
    private readonly PortDriver _driver;
    private readonly PhysicalMemory _memory;
    private readonly ClaimSet _claims;
    private Asked _asked;
    private Parameters _now;
    private PortState _stateBefore;
    private long _deliveredBefore;
    private bool _isToBeUp;
    private bool _wasUnderWay;

    /// <summary>A witness of a world, from its start.</summary>
    /// <param name="world">What is watched.</param>
    /// <param name="claims">The claims that end a run. A wrong access always does.</param>
    public PortWitness(PortWorld world, ClaimSet claims)
    {
        _world = world;
        _driver = world.Driver;
        _memory = world.Memory;
        _claims = claims;
        Restart();
    }

    /// <summary>What the user sees of a port.</summary>
    private readonly record struct Parameters(int Mtu, int RingSize, int Queues, int Program);

    /// <summary>What is known of the request under way, from outside.</summary>
    private struct Asked
    {
        /// <summary>What was asked for.</summary>
        public PortOperation Operation;

        /// <summary>The parameters when it began.</summary>
        public Parameters Before;

        /// <summary>The program that came with it, or 0.</summary>
        public int Program;

        /// <summary>Whether a failure was drawn in any of its steps.</summary>
        public bool HasFailure;

        /// <summary>Whether the adapter was told to offer fewer queues.</summary>
        public bool HasShrunk;

        /// <summary>Whether the RDMA driver had the vport when it began.</summary>
        public bool VportIsTaken;
    }

    /// <summary>The world is back at its start.</summary>
    public void Restart()
    {
        _asked = default;
        _isToBeUp = true;
        _wasUnderWay = false;
    }

    /// <summary>What is wrong with a port just opened, or null.</summary>
    public Finding? CheckStart() => CheckTrap() ?? CheckState() ?? CheckReceiving();

    /// <summary>An operation is about to be done: what the claims compare with is noted.</summary>
    public void BeginStep(PortOperation operation)
    {
        _now = Read();
        _stateBefore = _driver.State;
        _deliveredBefore = _world.Stack.Delivered;
        _wasUnderWay = _driver.Request is not null;
        if (operation.Kind == PortOperationKind.Request)
        {
            _asked = new Asked { Operation = operation, Before = _now, VportIsTaken = _driver.RdmaHasVport };
        }

        _asked.HasFailure |= operation.Kind == PortOperationKind.Step && operation.Fault is not (PortFault.None or PortFault.Shrink);
        _asked.HasShrunk |= operation.Kind == PortOperationKind.Step && operation.Fault == PortFault.Shrink;
    }

    /// <summary>The operation was done: every claim is checked. Null when all hold.</summary>
    public Finding? EndStep(PortOperation operation, PortOutcome outcome)
    {
        if (operation.Kind == PortOperationKind.Request && operation.Request == PortRequest.SetProgram)
        {
            _asked.Program = _driver.ProgramsAsked;
        }

        return CheckTrap()
            ?? CheckState()
            ?? CheckPackets()
            ?? (operation.Kind == PortOperationKind.TakeVport && outcome.Value == 0 ? CheckLending() : null)
            ?? (outcome.Ended || (_wasUnderWay && _driver.Request is null) ? CheckEnd(operation, outcome) : null)
            ?? (operation.Kind == PortOperationKind.Settle ? CheckReceiving() : null)
            ?? CheckLeft();
    }

    private Parameters Read() => new(_driver.Mtu, _driver.RingSize, _driver.QueueCount, _driver.Program);

    private Finding? CheckTrap() =>
        _memory.Trap is { Kind: not TrapKind.None } trap ? new Finding(BrokenBy(trap.Kind), TrapConflict.Detail(trap), TrapConflict.Of(trap)) : null;

    /// <summary>What holds after every step, in the middle of a request too.</summary>
    private Finding? CheckState()
    {
        return CheckLedger() ?? (_driver.State == PortState.Absent ? null : CheckMtu() ?? (_driver.Request is null ? CheckIdle() : null));
    }

    /// <summary>B.4.10: each program's references are those of the port, the queues and the request.</summary>
    private Finding? CheckLedger()
    {
        for (int program = Math.Max(1, _driver.ProgramsAsked - ProgramsLookedAt + 1); program <= _driver.ProgramsAsked; program++)
        {
            int expected = HoldersOf(program);
            if (_driver.ReferencesOf(program) != expected)
            {
                return WrongReferences(program, expected);
            }
        }

        return CheckLedger(_driver.Program) ?? CheckLedger(_asked.Before.Program);
    }

    private Finding? CheckLedger(int program) =>
        program != 0 && _driver.ReferencesOf(program) != HoldersOf(program) ? WrongReferences(program, HoldersOf(program)) : null;

    private int HoldersOf(int program)
    {
        bool isPorts = _driver.Program == program;
        int holders = isPorts ? 1 : 0;
        for (int queue = 0; queue < _world.Configuration.Queues; queue++)
        {
            holders += _driver.ProgramOf(queue) == program ? 1 : 0;
        }

        // The request holds the program that came with it until it is the port's, and the one before until the new one is accepted.
        bool isRequests = _driver.Request is PortRequest.SetProgram or PortRequest.ClearProgram && program != 0 && (program == _asked.Program || program == _asked.Before.Program);
        return holders + (isRequests && !isPorts ? 1 : 0);
    }

    private Finding? CheckMtu()
    {
        int mtu = _driver.Mtu;
        if (mtu > _world.Configuration.MtuMax)
        {
            return TooLargeForAdapter(mtu);
        }

        return _driver.Program != 0 && mtu > _world.Configuration.PageSize - BytesBesideMtu ? TooLargeForProgram(mtu) : null;
    }

    /// <summary>What holds while no request is under way.</summary>
    private Finding? CheckIdle()
    {
        int users = (_driver.IsUp ? 1 : 0) + (_driver.RdmaHasVport ? 1 : 0);
        return (_driver.CoreProgram != _driver.Program ? CoreIsWrong() : null)
            ?? CheckProgramsOfQueues()
            ?? (_driver.UseCount != users || users > 1 ? WrongUseCount(users) : null);
    }

    private Finding? CheckProgramsOfQueues()
    {
        for (int queue = 0; queue < _world.Configuration.Queues; queue++)
        {
            if (_driver.QueueAt(queue) is not null && _driver.ProgramOf(queue) != _driver.Program)
            {
                return QueueRunsAnother(queue);
            }
        }

        return null;
    }

    /// <summary>B.7 #14: what was handed up in this step was seen by the program that the port had.</summary>
    private Finding? CheckPackets()
    {
        int program = _now.Program;
        if (program == 0 || _driver.Program != program)
        {
            return null;
        }

        int held = _world.Stack.HeldPackets;
        int fresh = (int)Math.Min(held, _world.Stack.Delivered - _deliveredBefore);
        for (int place = held - fresh; place < held; place++)
        {
            if (_world.ProgramOf(place) != program)
            {
                return Bypassed(place);
            }
        }

        return null;
    }

    /// <summary>B.7 #10.</summary>
    private Finding? CheckLending() => _wasUnderWay || _stateBefore != PortState.Down ? Lent() : null;

    /// <summary>Nothing is left of what was let go.</summary>
    private Finding? CheckLeft()
    {
        bool isIdle = _driver.Request is null && !HasQueues() && _world.Stack.HeldPackets == 0 && _world.Transmissions.Length == 0;
        if (isIdle && (_memory.LivePages > 0 || _memory.Mappings > 0 || _driver.WaitingPools > 0))
        {
            return SomethingLeft();
        }

        bool isGone = _driver.Request is null && _driver.State == PortState.Absent;
        return isGone && (_driver.UseCount > 0 || (_driver.ProgramsAsked > 0 && _driver.ReferencesOf(_driver.ProgramsAsked) > 0)) ? SomethingHeld() : null;
    }

    private bool HasQueues()
    {
        for (int queue = 0; queue < _world.Configuration.Queues; queue++)
        {
            if (_driver.QueueAt(queue) is not null || _driver.DeviceAt(queue) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The claim that a wrong access breaks.</summary>
    internal static Claim BrokenBy(TrapKind trap) => trap switch
    {
        TrapKind.ProgramIsFreed => PortClaims.ProgramsAreReferenced,
        TrapKind.ResourceNotHeld or TrapKind.IllegalTransition => PortClaims.StepsHaveWhatTheyUse,
        TrapKind.FreedWhileMapped or TrapKind.DoubleUnmap or TrapKind.DeviceFault or TrapKind.DeviceWroteHeldBytes or TrapKind.WriteAfterFree => PortClaims.DeviceIsQuiet,
        TrapKind.PoolUseAfterFree or TrapKind.CounterUnderflow or TrapKind.CacheOverflow => PortClaims.PoolsGetTheirOwn,
        TrapKind.UseAfterFree or TrapKind.DoubleFree or TrapKind.FreedWhileHeld or TrapKind.OutOfBounds or TrapKind.FragmentOverflow
            or TrapKind.ReadBeforeSync or TrapKind.SkbUseAfterFree => PortClaims.AccessesAreRight,
        _ => throw new ArgumentOutOfRangeException(nameof(trap), trap, "not a wrong access of a port"),
    };
}
