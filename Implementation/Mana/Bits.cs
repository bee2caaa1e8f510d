namespace RxVerify.Implementation.Mana;

/// <summary>Bit fields of 32-bit units, the lowest bit first, as the kernel's structures of the device have them.</summary>
internal static class Bits
{
    public static int Of(uint unit, int bit, int width) => (int)(unit >> bit) & ((1 << width) - 1);

    public static void Set(ref uint unit, int bit, int width, int value)
    {
        uint mask = ((1u << width) - 1) << bit;
        unit = (unit & ~mask) | (((uint)value << bit) & mask);
    }
}
