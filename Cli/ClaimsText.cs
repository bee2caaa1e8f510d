using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>What may be said of a run in which nothing broke: no more than was looked at.</summary>
internal static class ClaimsText
{
    /// <summary>That every claim held, or the one that a hunt is for, in its own words.</summary>
    /// <param name="scheme">Whose claims.</param>
    /// <param name="asked">What was asked of the run.</param>
    /// <param name="where">Where they held, behind a space, or nothing.</param>
    public static string Held(Scheme scheme, FuzzOptions asked, string where = "") => Held(scheme.Claims, asked.Claims, where);

    /// <summary>The same of claims that were looked at otherwise.</summary>
    /// <param name="claims">All that the scheme has.</param>
    /// <param name="asked">Those looked at.</param>
    /// <param name="where">Where they held, behind a space, or nothing.</param>
    public static string Held(IEnumerable<Claim> claims, ClaimSet asked, string where = "")
    {
        var looked = claims.Where(asked.Contains).ToList();
        return looked.Count == 1 ? $"claim {looked[0].Id} held{where}: {looked[0].Sentence}" : $"every claim held{where}";
    }
}
