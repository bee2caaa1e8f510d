namespace RxVerify.Model.Vocabulary;

/// <summary>A run of bytes on a page that a reader holds one reference for.</summary>
/// <param name="Page">The page.</param>
/// <param name="Offset">First byte on the page.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct Fragment(PageId Page, int Offset, int Length);
