namespace RxVerify.Model.Vocabulary.PagePool;

/// <summary>Which kernel's page pool it is (facts C.1).</summary>
public enum PoolEra : byte
{
    /// <summary>
    /// Linux 5.15: the fragment counter means something only with PP_FLAG_PAGE_FRAG and is 0 on a page that came back; only a caller
    /// in softirq that says so recycles into the cache; pages outside a destroyed pool stay mapped.
    /// </summary>
    Linux515,

    /// <summary>
    /// Linux 6.12 and later: the counter is always valid and back at 1 on a page that came back; half the bias; the pool knows its
    /// own processor; pages outside are unmapped when the pool is destroyed.
    /// </summary>
    Linux612,
}
