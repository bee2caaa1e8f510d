using RxVerify.Implementation.Mana;

namespace RxVerify.Properties.Mana.Defects;

// Mistakes with layout, mapping and refill (B.2, B.4.1, B.4.2).

/// <summary>B.7 #4: a buffer with an allocation of its own charges what was asked for. As published; fixed by f73896b4197e.</summary>
public readonly struct ChargesAsked : IManaRules
{
    static int IManaRules.BytesToCharge(int asked, int allocated) => asked;
}

/// <summary>B.7 #5: a page allocated before charges a fragment. As published; no fix found.</summary>
public readonly struct ChargesFragmentForPage : IManaRules
{
    static int IManaRules.BytesToChargeForForeignPage(int fragment, int page) => fragment;
}

/// <summary>F-B17: fragments are counted by their size before it is aligned.</summary>
public readonly struct CountsUnalignedFragments : IManaRules
{
    static int IManaRules.BytesToCount(int needed, int aligned) => needed;
}

/// <summary>F-B18: the buffer has no room for the skb's shared info.</summary>
public readonly struct ForgetsSharedInfo : IManaRules
{
    static int IManaRules.BytesToAllocate(int needed, int sharedInfo) => needed - sharedInfo;
}

/// <summary>F-B19: the device writes from the start of the buffer, where the program's headroom is.</summary>
public readonly struct ForgetsHeadroom : IManaRules
{
    static int IManaRules.HeadroomInAddress(int headroom) => 0;
}

/// <summary>F-B4: the driver unmaps every buffer it hands over, the pool's pages too.</summary>
public readonly struct UnmapsFragments : IManaRules
{
    static bool IManaRules.UnmapsAtHandOver(bool isWholePage, bool isFromPool) => true;
}

/// <summary>F-B4: the driver leaves what it hands over mapped.</summary>
public readonly struct LeavesMapped : IManaRules
{
    static bool IManaRules.UnmapsAtHandOver(bool isWholePage, bool isFromPool) => false;
}

/// <summary>F-B5: a packet is handed up although its buffer has no replacement and is posted again.</summary>
public readonly struct HandsUpWithoutReplacement : IManaRules
{
    static bool IManaRules.KeepsBufferWithoutReplacement => false;
}

/// <summary>F-B6: a buffer without a replacement is not posted again.</summary>
public readonly struct ForgetsSlotWithoutReplacement : IManaRules
{
    static bool IManaRules.RepostsWithoutReplacement => false;
}

/// <summary>B.7 #18: a slot is posted before the tail has made room for it.</summary>
public readonly struct PostsBeforeTailMoves : IManaRules
{
    static bool IManaRules.MovesTailFirst => false;
}
