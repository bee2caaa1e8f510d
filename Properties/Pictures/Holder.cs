namespace RxVerify.Properties.Pictures;

/// <summary>As what somebody has some bytes of a page.</summary>
public enum Holder : byte
{
    /// <summary>The page has an owner, and these bytes are in no use.</summary>
    Free,

    /// <summary>The driver has them in hand: its next buffer, or a packet that it puts together.</summary>
    Driver,

    /// <summary>They are posted: the device may write them at any moment.</summary>
    Device,

    /// <summary>The device filled them, and the completion waits for the driver.</summary>
    Arrived,

    /// <summary>A packet in the stack has them.</summary>
    Reader,

    /// <summary>They are sent back, and the transmission is not done.</summary>
    Transmitter,

    /// <summary>A program redirected them, and whoever got them has not given them back.</summary>
    Redirected,

    /// <summary>The pool has them: the page waits in cache or ring, or they are what is left of the page being cut.</summary>
    Pool,

    /// <summary>A put that is under way has them in hand.</summary>
    Put,

    /// <summary>Whoever took them from the pool has them; the pool does not know whether that is driver, device or reader.</summary>
    User,

    /// <summary>They are allocated, and nobody has them.</summary>
    Nobody,

    /// <summary>The page was freed.</summary>
    Freed,
}

/// <summary>Holders as pictures show them: a letter each, because a colour alone says nothing to some readers and on some printers.</summary>
public static class Holders
{
    /// <summary>One character, different for each.</summary>
    public static string Letter(Holder holder) => holder switch
    {
        Holder.Free => "F",
        Holder.Driver => "D",
        Holder.Device => "N",
        Holder.Arrived => "A",
        Holder.Reader => "R",
        Holder.Transmitter => "T",
        Holder.Redirected => "X",
        Holder.Pool => "P",
        Holder.Put => "H",
        Holder.User => "U",
        Holder.Nobody => "?",
        _ => "–",
    };

    /// <summary>Who that is, as the beginning of a sentence.</summary>
    public static string Name(Holder holder) => holder switch
    {
        Holder.Free => "nobody",
        Holder.Driver => "the driver",
        Holder.Device => "the device (NIC)",
        Holder.Arrived => "the device's completion",
        Holder.Reader => "a reader in the stack",
        Holder.Transmitter => "the transmit queue",
        Holder.Redirected => "whoever it was redirected to",
        Holder.Pool => "the pool",
        Holder.Put => "a put under way",
        Holder.User => "a user outside the pool",
        Holder.Nobody => "nobody",
        _ => "the page allocator",
    };

    /// <summary>What it means, for the legend.</summary>
    public static string Meaning(Holder holder) => holder switch
    {
        Holder.Free => "free: the page has an owner, these bytes are in no use",
        Holder.Driver => "driver: has them in hand",
        Holder.Device => "device (NIC): may write them at any moment",
        Holder.Arrived => "arrived: filled by the device, the driver has not looked yet",
        Holder.Reader => "reader in the stack: reads them until it lets go",
        Holder.Transmitter => "transmit queue: being sent back",
        Holder.Redirected => "redirected: another queue or processor has them",
        Holder.Pool => "pool: keeps them for the next user",
        Holder.Put => "in the hand of a put that is under way",
        Holder.User => "user outside the pool: driver, device or reader",
        Holder.Nobody => "allocated, and nobody has them",
        _ => "freed: belongs to somebody else by now",
    };
}
