using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo.Defects;

// Mistakes in deciding which chunk may be posted next (A.5.1, A.5.3 and the list at the end of A.7).

/// <summary>F-A1: the count is read before the reference for the new packet is paid, as in D-50 to D-53.</summary>
public readonly struct CountsBeforePaying : IDqoRules
{
    static bool IDqoRules.CountsAfterPaying => false;
}

/// <summary>F-A1: the count is read after the packet was handed up, when its reader may have let go of it already. Compare i40e 75aab4e10ae6 (D-50).</summary>
public readonly struct ClassifiesAfterHandUp : IDqoRules
{
    static bool IDqoRules.ClassifiesBeforeHandUp => false;
}

/// <summary>F-A2: the comparison with the last single offset is dropped. Compare hns3 961045004b77 (D-49).</summary>
public readonly struct NeverWaits : IDqoRules
{
    static bool IDqoRules.MustWait(int nextOffset, int lastSingle) => false;
}

/// <summary>F-A3: the count is compared with 0, which it never is: safe, but each page waits after one lap.</summary>
public readonly struct NeverRecordsLastSingle : IDqoRules
{
    static bool IDqoRules.IsOnlyReference(int outstanding) => outstanding == 0;
}

/// <summary>F-A4: two references pass for one.</summary>
public readonly struct TwoPassForOne : IDqoRules
{
    static bool IDqoRules.IsOnlyReference(int outstanding) => outstanding <= 2;
}

/// <summary>F-A5: a buffer whose packet was copied is classified as if it had been handed up.</summary>
public readonly struct ClassifiesAfterCopy : IDqoRules
{
    static bool IDqoRules.ClassifiesAfterCopy => true;
}

/// <summary>F-A6: a buffer that came back with an error moves on to its next chunk, unseen.</summary>
public readonly struct AdvancesAfterError : IDqoRules
{
    static bool IDqoRules.AdvancesAfterError => true;
}

/// <summary>F-A7: a used page that somebody still reads is posted again, the page-flip test of drivers without a bias.</summary>
public readonly struct UsedListAcceptsOneReference : IDqoRules
{
    static bool IDqoRules.MayLeaveUsedList(int outstanding) => outstanding <= 1;
}

/// <summary>F-A21: the offset goes round a page of another size. Compare ice 50b2143356e8 (D-54).</summary>
public readonly struct WrapsAtLargerPage : IDqoRules
{
    static int IDqoRules.NextOffset(int offset, int chunkSize, int pageSize) => (offset + chunkSize) & ((4 * pageSize) - 1);
}

/// <summary>F-A25: the last single offset is forgotten when a buffer is posted again from the recycled list.</summary>
public readonly struct ForgetsLastSingle : IDqoRules
{
    static bool IDqoRules.KeepsLastSingle => false;
}

/// <summary>F-A24: one buffer state too many may wait on the used list before packets are copied.</summary>
public readonly struct CopiesOneTooLate : IDqoRules
{
    static bool IDqoRules.CopiesOnDemand(int used, int states, int threshold) => used > states - threshold;
}

/// <summary>F-A24: a buffer state that leaves the used list stays counted there.</summary>
public readonly struct KeepsCountingUsedStates : IDqoRules
{
    static bool IDqoRules.UncountsTakenStates => false;
}
