namespace RxVerify.Implementation.Dqo;

/// <summary>
/// Moments at which another processor or the device may act while the driver runs. A type argument: production uses
/// <see cref="NothingInBetween"/>, which compiles to nothing.
/// </summary>
public interface IInBetween
{
    /// <summary>The driver has made the first of its two reads of the completion descriptor in this slot.</summary>
    void BetweenDescriptorReads(int slot);

    /// <summary>The driver is about to read the count of the page in this frame, and to decide by what it finds.</summary>
    void BeforeCountRead(int frame);

    /// <summary>The driver has done the first half of taking the queue down (A.5.8).</summary>
    void DuringTeardown();
}

/// <summary>Nobody acts while the driver runs.</summary>
public readonly struct NothingInBetween : IInBetween
{
    /// <inheritdoc/>
    public void BetweenDescriptorReads(int slot)
    {
    }

    /// <inheritdoc/>
    public void BeforeCountRead(int frame)
    {
    }

    /// <inheritdoc/>
    public void DuringTeardown()
    {
    }
}
