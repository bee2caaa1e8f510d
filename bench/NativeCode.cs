using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RxVerify.Benchmarks;

/// <summary>The drivers in C: native/dqo.c and native/mana.c, compiled when the program starts.</summary>
internal static class NativeCode
{
    /// <summary>The category of benchmarks that need a C compiler.</summary>
    public const string Category = "native";

    private static readonly string[] Schemes = ["dqo", "mana"];

    /// <summary>Whether there is something to load.</summary>
    public static bool IsBuilt { get; private set; }

    /// <summary>Compiles both forms of each. Null, or why that was not possible.</summary>
    public static string? Build()
    {
        string? missing = Schemes.Select(scheme => Compile(scheme, hasLedgers: true) ?? Compile(scheme, hasLedgers: false)).FirstOrDefault(why => why is not null);
        IsBuilt = missing is null;
        return missing;
    }

    /// <summary>Loads one of them.</summary>
    /// <param name="scheme">The scheme's name.</param>
    /// <param name="hasLedgers">Whether it also keeps what the emulation keeps for its checks.</param>
    public static nint Load(string scheme, bool hasLedgers) => NativeLibrary.Load(PathOf(scheme, hasLedgers));

    private static string PathOf(string scheme, bool hasLedgers) =>
        Path.Combine(AppContext.BaseDirectory, "native", hasLedgers ? $"lib{scheme}.so" : $"lib{scheme}-plain.so");

    private static string? Compile(string scheme, bool hasLedgers)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "native", $"{scheme}.c");
        try
        {
            using var compiler = Process.Start("gcc",
                ["-O2", "-shared", "-fPIC", "-fvisibility=hidden", $"-DLEDGERS={(hasLedgers ? 1 : 0)}", source, "-o", PathOf(scheme, hasLedgers)]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? null : $"gcc ended with {compiler.ExitCode} on {source}";
        }
        catch (Win32Exception)
        {
            return "there is no gcc; install it to compare with C";
        }
    }
}
