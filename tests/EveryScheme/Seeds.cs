using FsCheck;
using FsCheck.Fluent;

namespace RxVerify.Tests.EveryScheme;

/// <summary>Seeds of 64 bits, drawn by FsCheck; our own generators draw the rest from them.</summary>
internal static class Seeds
{
    /// <summary>Any seed that two numbers of 31 bits make.</summary>
    public static Gen<ulong> Any =>
        from low in Gen.Choose(0, int.MaxValue)
        from high in Gen.Choose(0, int.MaxValue)
        select ((ulong)(uint)high << 32) | (uint)low;
}
