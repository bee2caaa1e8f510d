using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Vocabulary.Port;

/// <summary>What can happen to a port, simplest first: shrinking prefers the earlier kind. docs/port.md says what each does.</summary>
public enum PortOperationKind : byte
{
    /// <summary>Device: fills the next posted buffer of a queue with a packet and completes it.</summary>
    Receive,

    /// <summary>Driver: one NAPI poll of a queue.</summary>
    Poll,

    /// <summary>Stack: a reader lets go of a packet.</summary>
    Release,

    /// <summary>A transmission of a received buffer completes.</summary>
    TxComplete,

    /// <summary>User or system: a request begins; the steps it needs are done one by one.</summary>
    Request,

    /// <summary>Driver: does the next steps of the request that is under way, the last of which may fail.</summary>
    Step,

    /// <summary>RDMA driver: asks for the vport.</summary>
    TakeVport,

    /// <summary>RDMA driver: gives the vport back.</summary>
    GiveVport,

    /// <summary>Environment: failures stop, the request ends, the driver polls, holders let go.</summary>
    Settle,
}

/// <summary>What a port can be asked for (B.4.9 to B.4.12).</summary>
public enum PortRequest : byte
{
    /// <summary>ip link set up (mana_open).</summary>
    Open,

    /// <summary>ip link set down (mana_close).</summary>
    Close,

    /// <summary>A program is attached, instead of the one there may be (mana_xdp_set).</summary>
    SetProgram,

    /// <summary>The program is taken away (mana_xdp_set with none).</summary>
    ClearProgram,

    /// <summary>Another MTU (mana_change_mtu).</summary>
    ChangeMtu,

    /// <summary>Another number of buffers for each queue (mana_set_ringparam).</summary>
    ChangeRing,

    /// <summary>Another number of queues (mana_set_channels).</summary>
    ChangeChannels,

    /// <summary>The system goes to sleep (mana_remove with suspending).</summary>
    Suspend,

    /// <summary>The system wakes up (mana_probe with resuming).</summary>
    Resume,

    /// <summary>The adapter asks to be reset: suspend, reset, resume.</summary>
    Reset,

    /// <summary>The driver is removed (mana_remove).</summary>
    Remove,

    /// <summary>The driver finds the port (mana_probe_port).</summary>
    Probe,
}

/// <summary>What requests have in common.</summary>
public static class PortRequests
{
    /// <summary>Whether it is one of the five that build the queues anew with other parameters (B.4.11, B.4.12).</summary>
    public static bool IsChange(this PortRequest request) => request is >= PortRequest.SetProgram and <= PortRequest.ChangeChannels;
}

/// <summary>The MTU that is asked for.</summary>
public enum PortMtu : byte
{
    /// <summary><see cref="PortConfiguration.Mtu"/>.</summary>
    Standard,

    /// <summary><see cref="PortConfiguration.MtuMax"/>, the largest that the adapter takes.</summary>
    Largest,

    /// <summary>One more than the adapter takes.</summary>
    TooLarge,
}

/// <summary>What fails in a step, once; which steps know which is told in docs/port.md.</summary>
public enum PortFault : byte
{
    None,

    /// <summary>The command to the device, or the call that the step consists of, fails.</summary>
    Command,

    /// <summary>Preallocate: the page allocator has no page.</summary>
    Page,

    /// <summary>Preallocate: a page cannot be mapped.</summary>
    Mapping,

    /// <summary>CreateQueue: there is no buffer for a slot.</summary>
    Buffer,

    /// <summary>CreateQueue: one of the steps 0, 1, 3, 4, 5, 7 of docs/mana.md, "Create".</summary>
    Resource,

    /// <summary>InitPort succeeds, but the adapter has only one queue to give.</summary>
    Shrink,

    /// <summary>Drain: a transmission does not complete in time.</summary>
    Stuck,
}

/// <summary>
/// One step of a run: one indivisible act of one actor. Eight bytes, no references, so that a run is a flat array, a hash
/// key and a line of a trace. Every decision of the environment is an argument, so a sequence is deterministic.
/// </summary>
/// <param name="Kind">What happens.</param>
/// <param name="Flags">Verdict, request, fault; read through the named properties.</param>
/// <param name="Pick">Which queue, or which one of the packets or transmissions, oldest first.</param>
/// <param name="Argument">What a request asks for.</param>
/// <param name="Count">How many steps are done.</param>
/// <param name="Extra">The successes before a fault.</param>
public readonly record struct PortOperation(
    PortOperationKind Kind, byte Flags = 0, ushort Pick = 0, ushort Argument = 0, byte Count = 0, byte Extra = 0)
{
    private const byte LowNibble = 0x0f;
    private const byte LocalFlag = 0x40;
    private const byte KeepsHeldFlag = 0x80;

    /// <summary>Receive: what the program says about the packet: Pass, Drop or Tx.</summary>
    public ManaVerdict Verdict => (ManaVerdict)(Flags & LowNibble);

    /// <summary>Request: what is asked for.</summary>
    public PortRequest Request => (PortRequest)(Flags & LowNibble);

    /// <summary>Request, ChangeMtu: the MTU asked for.</summary>
    public PortMtu Mtu => (PortMtu)Argument;

    /// <summary>Request, ChangeRing: whether <see cref="PortConfiguration.OtherRingSize"/> is asked for and not <see cref="PortConfiguration.RingSize"/>.</summary>
    public bool IsOtherRing => Argument != 0;

    /// <summary>Request, ChangeChannels: the number of queues asked for.</summary>
    public int Queues => Argument;

    /// <summary>Step: what fails in the last of the steps.</summary>
    public PortFault Fault => (PortFault)(Flags & LowNibble);

    /// <summary>Step: how often the thing that fails succeeds before it does, in that step.</summary>
    public int SuccessesBeforeFault => Extra;

    /// <summary>Release, TxComplete: whether it runs on the queue's processor, in softirq.</summary>
    public bool IsLocal => (Flags & LocalFlag) != 0;

    /// <summary>Settle: whether holders keep what they hold.</summary>
    public bool KeepsHeld => (Flags & KeepsHeldFlag) != 0;

    /// <summary>A queue receives a packet.</summary>
    public static PortOperation Receive(int queue = 0, ManaVerdict verdict = ManaVerdict.Pass) =>
        new(PortOperationKind.Receive, (byte)verdict, (ushort)queue);

    /// <summary>One NAPI poll of a queue.</summary>
    public static PortOperation Poll(int queue = 0) => new(PortOperationKind.Poll, Pick: (ushort)queue);

    /// <summary>A reader lets go of the packet at this place among those held.</summary>
    public static PortOperation Release(int packet = 0, bool local = false) => new(PortOperationKind.Release, local ? LocalFlag : (byte)0, (ushort)packet);

    /// <summary>The transmission at this place among those under way completes.</summary>
    public static PortOperation TxComplete(int transmission = 0, bool local = false) =>
        new(PortOperationKind.TxComplete, local ? LocalFlag : (byte)0, (ushort)transmission);

    /// <summary>A request without an argument.</summary>
    public static PortOperation Ask(PortRequest request) => new(PortOperationKind.Request, (byte)request);

    /// <summary>Another MTU is asked for.</summary>
    public static PortOperation AskForMtu(PortMtu mtu) => new(PortOperationKind.Request, (byte)PortRequest.ChangeMtu, Argument: (ushort)mtu);

    /// <summary>Another number of buffers for each queue is asked for.</summary>
    public static PortOperation AskForRing(bool other) => new(PortOperationKind.Request, (byte)PortRequest.ChangeRing, Argument: (ushort)(other ? 1 : 0));

    /// <summary>Another number of queues is asked for.</summary>
    public static PortOperation AskForQueues(int queues) => new(PortOperationKind.Request, (byte)PortRequest.ChangeChannels, Argument: (ushort)queues);

    /// <summary>The next steps of the request under way, the last of which may fail.</summary>
    public static PortOperation Step(int count = 1, PortFault fault = PortFault.None, int after = 0) =>
        new(PortOperationKind.Step, (byte)fault, Count: (byte)count, Extra: (byte)after);

    /// <summary>The RDMA driver asks for the vport.</summary>
    public static PortOperation TakeVport() => new(PortOperationKind.TakeVport);

    /// <summary>The RDMA driver gives the vport back.</summary>
    public static PortOperation GiveVport() => new(PortOperationKind.GiveVport);

    /// <summary>Failures stop and everything runs; holders let go unless they keep what they hold.</summary>
    public static PortOperation Settle(bool keepsHeld = false) => new(PortOperationKind.Settle, keepsHeld ? KeepsHeldFlag : (byte)0);
}
