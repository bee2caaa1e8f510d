using RxVerify.Properties.Dqo;
using RxVerify.Properties.Mana;
using RxVerify.Properties.PagePool;
using RxVerify.Properties.Port;

namespace RxVerify.Properties;

/// <summary>The schemes that are built in.</summary>
public static class Schemes
{
    /// <summary>All of them, each drawing everything it can.</summary>
    public static readonly IReadOnlyList<Scheme> All = [DqoScheme.All, PoolScheme.All, ManaScheme.All, PortScheme.All];

    /// <summary>The scheme with this name, or null.</summary>
    public static Scheme? Named(string name) => All.FirstOrDefault(scheme => scheme.Name == name);
}
