namespace RxVerify.Model.Vocabulary.Port;

/// <summary>What a step returned to its caller.</summary>
/// <param name="Value">
/// Receive: 1. Poll: completions consumed. Request: 0 when it begins or has nothing to do, else the error with which it is refused. Step: the request's
/// result when it ended, else 0. TakeVport: 0, or <see cref="Busy"/>. Settle: steps and polls it took. All others: 0.
/// </param>
/// <param name="Delivered">Packets handed up in this step.</param>
/// <param name="Ended">Whether a request ended in this step, or was refused or done with at once.</param>
public readonly record struct PortOutcome(int Value, int Delivered, bool Ended)
{
    /// <summary>The kernel's -EIO: a command to the device failed.</summary>
    public const int Failed = -5;

    /// <summary>The kernel's -ENOMEM.</summary>
    public const int OutOfMemory = -12;

    /// <summary>The kernel's -EBUSY: somebody else has the vport.</summary>
    public const int Busy = -16;

    /// <summary>The kernel's -ENODEV: there is no port, or its net device is detached.</summary>
    public const int NoDevice = -19;

    /// <summary>The kernel's -EINVAL: not what can be asked for now, or a value out of range.</summary>
    public const int Invalid = -22;

    /// <summary>The kernel's -EOPNOTSUPP: a program does not go with this MTU (B.4.11).</summary>
    public const int NotSupported = -95;
}
