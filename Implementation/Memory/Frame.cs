using RxVerify.Model.Vocabulary;

namespace RxVerify.Implementation.Memory;

/// <summary>What is known about one page frame.</summary>
internal struct Frame
{
    /// <summary>The kernel's page count: 32 bits, wrapping (A-D11).</summary>
    public int References;

    /// <summary>The page's <see cref="PageId"/>, 0 before the frame's first use.</summary>
    public int Birth;

    /// <summary>References held by readers in the stack, counted from outside the driver.</summary>
    public int Held;

    /// <summary>Number of the reference that a reader was given last on this page, among all that were given.</summary>
    public int LastHold;

    /// <summary>How often the frame was mapped; part of the bus address, so that an old one is told from the present one.</summary>
    public ushort MapEpoch;

    /// <summary>Mappings of the page for the device.</summary>
    public ushort Mappings;

    public bool IsLive;

    /// <summary>In which direction the device may use the page, while it is mapped.</summary>
    public DmaDirection Direction;
}
