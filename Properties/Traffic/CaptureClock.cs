namespace RxVerify.Properties.Traffic;

/// <summary>Turns the ticks of one interface into nanoseconds since 1970, exactly and for every resolution that pcapng can express.</summary>
/// <remarks>128 bits because 64-bit ticks of whole seconds do not fit 64-bit nanoseconds, and a damaged file must not overflow.</remarks>
internal readonly record struct CaptureClock
{
    /// <summary>10^-6 s, which pcapng assumes of an interface that does not say.</summary>
    public const byte MicrosecondResolution = 6;

    /// <summary>10^-9 s.</summary>
    public const byte NanosecondResolution = 9;

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly ulong _multiplier;
    private readonly UInt128 _divisor;
    private readonly int _shift;
    private readonly Int128 _offset;

    private CaptureClock(ulong multiplier, UInt128 divisor, int shift, long offsetSeconds)
    {
        _multiplier = multiplier;
        _divisor = divisor;
        _shift = shift;
        _offset = (Int128)offsetSeconds * NanosecondsPerSecond;
    }

    /// <summary>The clock of a pcapng interface.</summary>
    /// <param name="resolution">if_tsresol: the negative exponent of ten, or with its top bit set of two, of a tick in seconds.</param>
    /// <param name="offsetSeconds">if_tsoffset: seconds to add to every time stamp.</param>
    public static CaptureClock Of(byte resolution, long offsetSeconds)
    {
        var exponent = resolution & 0x7F;
        if ((resolution & 0x80) != 0)
        {
            return new(NanosecondsPerSecond, 1, exponent, offsetSeconds);
        }

        // Beyond 10^20 the divisor exceeds every 64-bit tick count, so the quotient is 0 either way.
        return exponent <= 9
            ? new(PowerOfTen(9 - exponent), 1, 0, offsetSeconds)
            : new(1, PowerOfTen128(Math.Min(exponent - 9, 20)), 0, offsetSeconds);
    }

    public Int128 Nanoseconds(ulong ticks)
    {
        var scaled = (UInt128)ticks * _multiplier;
        if (_divisor != UInt128.One)
        {
            scaled /= _divisor;
        }

        return (Int128)(scaled >> _shift) + _offset;
    }

    private static ulong PowerOfTen(int exponent) => (ulong)PowerOfTen128(exponent);

    private static UInt128 PowerOfTen128(int exponent)
    {
        var power = UInt128.One;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
