using System.Runtime.InteropServices;

namespace RxVerify.Explorer;

/// <summary>Asks for large pages behind a table that is read at random: most reads would otherwise miss the address translation too.</summary>
internal static unsafe class HugePages
{
    /// <summary>Bytes of a large page, and the alignment that lets memory have them.</summary>
    public const nuint Size = 1 << 21;

    // MADV_HUGEPAGE of Linux.
    private const int Advice = 14;

    /// <summary>Asks for them where there are any. It is advice: refused, everything works as before, more slowly.</summary>
    public static void Ask(void* start, nuint bytes)
    {
        if (bytes >= Size && OperatingSystem.IsLinux())
        {
            _ = Advise(start, bytes, Advice);
        }
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(void* start, nuint bytes, int advice);
}
