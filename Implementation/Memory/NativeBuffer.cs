using System.Runtime.InteropServices;

namespace RxVerify.Implementation.Memory;

/// <summary>Unmanaged memory that is given back when nobody refers to it any more.</summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    /// <summary>Allocates bytes that are not zeroed.</summary>
    public NativeBuffer(nint bytes, int alignment)
        : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)alignment));

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first byte.</summary>
    public byte* Start => (byte*)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
