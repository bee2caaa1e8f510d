using System.Diagnostics.CodeAnalysis;

namespace RxVerify.Implementation.Mana;

/// <summary>
/// Every decision of the receive path that a known bug got wrong. The defaults are the right rules; a defect is a struct that
/// overrides one of them. Taken as a type argument, so that the right rules cost nothing at run time.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "Static virtual members are what lets the compiler inline the right rules; see bench/README.md.")]
public interface IManaRules
{
    /// <summary>B.2.3, F-B18: bytes that a fragment or a buffer without a program is given, before they are aligned, of those it needs with the skb's own data.</summary>
    static virtual int BytesToAllocate(int needed, int sharedInfo) => needed;

    /// <summary>B.2.3, F-B17: the bytes of which frag_count says how many fit a page: as they are aligned, not as they were needed.</summary>
    static virtual int BytesToCount(int needed, int aligned) => aligned;

    /// <summary>B.2.2, B.7 #4: bytes charged for a buffer that has an allocation for itself, all of it or what was asked for.</summary>
    static virtual int BytesToCharge(int asked, int allocated) => allocated;
}

/// <summary>The right rules.</summary>
public readonly struct RightManaRules : IManaRules;
