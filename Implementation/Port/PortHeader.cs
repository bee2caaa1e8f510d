using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Implementation.Port;

/// <summary>What the port has of its own, each made by one step and undone once. Behind the numbers of a queue's.</summary>
public enum PortResource : byte
{
    /// <summary>The port's structure (struct mana_port_context).</summary>
    Structure = 16,

    /// <summary>The array of queues (rxqs).</summary>
    Array,

    /// <summary>The vport, configured for this driver.</summary>
    Vport,

    /// <summary>The transmit queues.</summary>
    TransmitQueues,

    /// <summary>A physical function's filter.</summary>
    Filter,

    /// <summary>A queue that a step needs.</summary>
    Queue,
}

/// <summary>What a request changes.</summary>
internal record struct PortParameters
{
    public PortMtu Mtu;
    public bool IsOtherRing;
    public int Queues;
    public int Program;
}

/// <summary>The port's variables, those of its adapter, and how far the request under way has come.</summary>
internal struct PortHeader
{
    public PortParameters Now;
    public PortParameters Asked;
    public PortParameters Before;
    public int CoreProgram;
    public int UseCount;
    public int Offered;
    public int InFlight;
    public int Resources;
    public int Result;
    public int NextQueue;
    public int QueuesToUndo;
    public PortState State;
    public XdpState ProgramState;
    public TransitionState Stage;
    public PortStep Next;
    public PortRequest Request;
    public bool IsUp;
    public bool WasUp;
    public bool IsPresent;
    public bool RdmaHasVport;
    public bool IsSteering;
    public bool IsReset;
}
