using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Implementation.Port;

/// <summary>
/// A MANA port as laid out in memory, with its adapter: what a debugger attached to the driver sees. Reading it changes nothing; the
/// driver's functions are in <see cref="PortDriver{TRules, TManaRules, TPoolRules}"/>.
/// </summary>
public abstract unsafe class PortDriver : StatePart
{
    /// <summary>Where the index of a refused event begins for the triggers of the program's machine; the port's events are below.</summary>
    public const int ProgramTriggers = 32;

    /// <summary>The same for the stages of a request.</summary>
    public const int StageTriggers = 48;

    private protected PortDriver(PortConfiguration configuration, PhysicalMemory memory)
    {
        Configuration = configuration;
        Programs = new PortPrograms(memory);
    }

    /// <summary>What the port is, as its machine has it.</summary>
    public PortState State => Header->State;

    /// <summary>Whether the port passes traffic (port_is_up).</summary>
    public bool IsUp => Header->IsUp;

    /// <summary>Whether a detached port was up, and is to be again (port_st_save).</summary>
    public bool WasUp => Header->WasUp;

    /// <summary>Whether the net device is attached.</summary>
    public bool IsPresent => Header->IsPresent;

    /// <summary>The MTU.</summary>
    public int Mtu => Configuration.MtuOf(Header->Now.Mtu);

    /// <summary>Buffers of each queue.</summary>
    public int RingSize => RingSizeOf(Header->Now);

    /// <summary>Number of queues.</summary>
    public int QueueCount => Header->Now.Queues;

    /// <summary>Number of the port's program, 0 for none.</summary>
    public int Program => Header->Now.Program;

    /// <summary>Number of the program that the core believes attached, 0 for none.</summary>
    public int CoreProgram => Header->CoreProgram;

    /// <summary>Whether the array of queues is there.</summary>
    public bool HasArray => Has(PortResource.Array);

    /// <summary>Pages allocated before that no slot has yet (B.4.8).</summary>
    public abstract int Prepared { get; }

    /// <summary>The vport's use count.</summary>
    public int UseCount => Header->UseCount;

    /// <summary>Whether the RDMA driver has the vport.</summary>
    public bool RdmaHasVport => Header->RdmaHasVport;

    /// <summary>Queues that the adapter offers.</summary>
    public int Offered => Header->Offered;

    /// <summary>Whether the device steers packets to the queues.</summary>
    public bool IsSteering => Header->IsSteering;

    /// <summary>The request under way, or null.</summary>
    public PortRequest? Request => Header->Next == PortStep.None ? null : Header->Request;

    /// <summary>What happens to the port's program, as its machine has it.</summary>
    public XdpState ProgramState => Header->ProgramState;

    /// <summary>How far the request under way is, as its machine has it: the stage of its next step.</summary>
    public TransitionState Stage => Header->Stage;

    /// <summary>The next step of the request under way.</summary>
    public PortStep NextStep => Header->Next;

    /// <summary>The queue that the next step is about; 0 for a step that is about none.</summary>
    public int NextQueue => Header->NextQueue;

    /// <summary>Programs ever asked for; the last one's number.</summary>
    public int ProgramsAsked => Programs.Asked;

    /// <summary>Pools of queues taken down that wait for their pages.</summary>
    public abstract int WaitingPools { get; }

    /// <summary>Packets that the device ever received.</summary>
    public abstract int PacketsReceived { get; }

    internal PortHeader* Header { get; private set; }

    private protected PortConfiguration Configuration { get; }

    private protected PortPrograms Programs { get; }

    /// <summary>Whether the port has something of its own.</summary>
    public bool Has(PortResource resource) => ((Header->Resources >> (int)resource) & 1) != 0;

    /// <summary>References to a program (B.4.10); 0 for one that was freed.</summary>
    public int ReferencesOf(int program) => Programs.ReferencesOf(program);

    /// <summary>A queue, or null when it is not built.</summary>
    public abstract ManaQueue? QueueAt(int queue);

    /// <summary>Number of the program that a queue runs, 0 for none.</summary>
    public int ProgramOf(int queue) => QueueAt(queue) is { } built ? built.Program : 0;

    /// <summary>Whether a packet may be in flight to a queue.</summary>
    public bool IsInFlight(int queue) => ((Header->InFlight >> queue) & 1) != 0;

    /// <summary>The device's side of a queue that the device knows, built or not; else null.</summary>
    public abstract GdmaDevice? DeviceAt(int queue);

    /// <summary>Completions written to a queue and not consumed.</summary>
    public abstract int PendingOf(int queue);

    /// <summary>Whether a queue has room for one completion more.</summary>
    public abstract bool HasRoom(int queue);

    /// <summary>A waiting pool, the one that has waited longest first.</summary>
    public abstract Pool WaitingPoolAt(int place);

    /// <summary>Number of the program that saw the packet of an skb, 0 for none.</summary>
    public abstract int ProgramOfSkb(int skb);

    /// <summary>Where skbs put what they had, in the operation that runs.</summary>
    internal abstract PutContext Context { set; }

    /// <summary>A request begins, is refused, or has nothing to do. Returns 0 or the error.</summary>
    internal abstract int Ask(PortOperation operation, out bool isEnded);

    /// <summary>The next step of the request under way, in which this fails. Returns the request's result when it has ended, else 0.</summary>
    internal abstract int Step(PortFault fault, int successes);

    /// <summary>The device receives a packet.</summary>
    internal abstract void Receive(int queue, ManaVerdict verdict);

    /// <summary>One NAPI poll of a queue that is built. Returns completions consumed.</summary>
    internal abstract int Poll(int queue);

    /// <summary>The RDMA driver asks for the vport. Returns 0 or -EBUSY.</summary>
    internal abstract int TakeVport();

    /// <summary>The RDMA driver gives the vport back.</summary>
    internal void GiveVport()
    {
        Header->RdmaHasVport = false;
        Header->UseCount--;
    }

    /// <summary>Each pool that waits looks whether its pages are back.</summary>
    internal abstract void LookAtWaitingPools();

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        Header = cursor.Take<PortHeader>(1);
        Programs.Lay(ref cursor);
    }

    private protected static bool IsUpState(PortState state) =>
        state is PortState.UpWithFragments or PortState.UpWithProgram or PortState.UpWithJumbo;

    private protected static bool IsProgramRequest(PortRequest request) => request is PortRequest.SetProgram or PortRequest.ClearProgram;

    private protected int RingSizeOf(in PortParameters parameters) => parameters.IsOtherRing ? Configuration.OtherRingSize : Configuration.RingSize;
}

/// <summary>
/// The driver of a MANA port: the control path of mana_en.c step by step (B.4.6 to B.4.12), each step indivisible. What comes next is
/// computed from what was done, so that all of it is state. Allocates nothing.
/// </summary>
/// <typeparam name="TRules">The control path's decisions, right or planted.</typeparam>
/// <typeparam name="TManaRules">The queue's decisions, right or planted.</typeparam>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
public sealed unsafe partial class PortDriver<TRules, TManaRules, TPoolRules> : PortDriver
    where TRules : struct, IPortRules
    where TManaRules : struct, IManaRules
    where TPoolRules : struct, IPoolRules
{
    private readonly PortShapes _shapes;
    private readonly PhysicalMemory _memory;
    private readonly NetworkStack _stack;
    private readonly FaultPlan _faults;
    private readonly ManaPools<TPoolRules> _pools;
    private readonly ManaHolders _holders;
    private readonly PreparedPages _prepared;
    private readonly PortQueue<TManaRules, TPoolRules>[] _queues;
    private readonly PortMachine _machine;
    private readonly XdpMachine _programMachine;
    private readonly TransitionMachine _stageMachine;
    private readonly int _skbs;
    private int* _programOf;

    /// <summary>A driver without a port.</summary>
    internal PortDriver(PortConfiguration configuration, PortShapes shapes, ManaSurroundings<TPoolRules> around, int skbs)
        : base(configuration, around.Memory)
    {
        _shapes = shapes;
        _memory = around.Memory;
        _stack = around.Stack;
        _faults = around.Faults;
        _pools = around.Pools;
        _holders = around.Holders;
        _prepared = around.Prepared;
        _skbs = skbs;
        _queues = new PortQueue<TManaRules, TPoolRules>[configuration.Queues];
        for (int queue = 0; queue < _queues.Length; queue++)
        {
            _queues[queue] = new PortQueue<TManaRules, TPoolRules>(around, shapes, queue);
        }

        _machine = new PortMachine(() => Header == null ? PortState.Absent : Header->State, state => Header->State = state, Facts);
        _programMachine = new XdpMachine(() => Header == null ? XdpState.None : Header->ProgramState, state => Header->ProgramState = state);
        _stageMachine = new TransitionMachine(() => Header == null ? TransitionState.Idle : Header->Stage, state => Header->Stage = state);
    }

    /// <inheritdoc/>
    public override int Prepared => _prepared.Count;

    /// <inheritdoc/>
    public override int WaitingPools => _pools.Waiting;

    /// <inheritdoc/>
    public override int PacketsReceived
    {
        get
        {
            int packets = 0;
            foreach (var queue in _queues)
            {
                packets += queue.Packets;
            }

            return packets;
        }
    }

    /// <inheritdoc/>
    internal override PutContext Context
    {
        set => _pools.Context = value;
    }

    /// <inheritdoc/>
    public override ManaQueue? QueueAt(int queue) => _queues[queue].Built;

    /// <inheritdoc/>
    public override GdmaDevice? DeviceAt(int queue) => _queues[queue].Known;

    /// <inheritdoc/>
    public override int PendingOf(int queue) => _queues[queue].Pending;

    /// <inheritdoc/>
    public override bool HasRoom(int queue) => _queues[queue].HasRoom;

    /// <inheritdoc/>
    public override Pool WaitingPoolAt(int place) => _pools.WaitingAt(place);

    /// <inheritdoc/>
    public override int ProgramOfSkb(int skb) => (uint)skb < (uint)_skbs ? _programOf[skb] : 0;

    /// <inheritdoc/>
    internal override void LookAtWaitingPools() => _pools.RetryAll();

    /// <summary>Device and driver meet where the queues lie, once the block is there.</summary>
    internal void Connect()
    {
        foreach (var queue in _queues)
        {
            queue.Connect();
        }
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        base.Lay(ref cursor);
        _programOf = cursor.Take<int>(_skbs);
        foreach (var queue in _queues)
        {
            queue.Lay(ref cursor);
        }
    }

    private void Gain(PortResource resource) => Header->Resources |= 1 << (int)resource;

    /// <summary>Something is given back; a trap when the port does not have it.</summary>
    private void Lose(PortResource resource)
    {
        Use(resource);
        Header->Resources &= ~(1 << (int)resource);
    }

    /// <summary>Something is used; a trap when the port does not have it.</summary>
    private void Use(PortResource resource)
    {
        if (!Has(resource))
        {
            _memory.Catch(TrapKind.ResourceNotHeld, -1, (int)resource, 0);
        }
    }
}
