using System.Security.Cryptography;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>
/// Names code by what it was compiled to: a walk that was kept must not go on with a driver, a model or an engine in which states
/// or steps may be others.
/// </summary>
internal static class CodeVersion
{
    private const int Digits = 8;

    /// <summary>The code that takes part in an exploration.</summary>
    public static string OfExplorer => Of(typeof(BreadthFirst), typeof(DqoCoreModel), typeof(DqoWorld), typeof(DqoDriver));

    /// <summary>The code of the assemblies of these types. Builds are deterministic, so the same source has the same version.</summary>
    public static string Of(params ReadOnlySpan<Type> types)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var type in types)
        {
            hash.AppendData(type.Module.ModuleVersionId.ToByteArray());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }
}
