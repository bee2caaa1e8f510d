namespace RxVerify.Model.Dqo;

/// <summary>The seven steps of the core, one of them in two outcomes.</summary>
public enum DqoCoreStepKind
{
    /// <summary>A buffer is posted.</summary>
    Post,

    /// <summary>A buffer would be posted on a fresh page, and there is none.</summary>
    PostWithoutPage,

    /// <summary>A posted buffer completes and its chunk is handed up.</summary>
    Complete,

    /// <summary>A posted buffer completes and its packet is copied out of the chunk.</summary>
    CompleteCopied,

    /// <summary>A reader lets go of a reference on a chunk.</summary>
    Put,

    /// <summary>A reader lets go of a reference on a page that the driver gave up.</summary>
    PutOrphan,

    /// <summary>A reader takes one more reference on a chunk.</summary>
    Clone,

    /// <summary>A reader takes one more reference on a page that the driver gave up.</summary>
    CloneOrphan,
}

/// <summary>One step of the core.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Id">The buffer state it happens to, where it happens to one.</param>
/// <param name="Chunk">The chunk, where it happens to one.</param>
public readonly record struct DqoCoreStep(DqoCoreStepKind Kind, int Id = 0, int Chunk = 0)
{
    /// <summary>Bits of a step as a number.</summary>
    public const int Bits = 12;

    private const int IdShift = 4;
    private const int ChunkShift = 8;
    private const int Mask = 15;

    /// <summary>A step as one number, below 4096.</summary>
    public int Code => (int)Kind | (Id << IdShift) | (Chunk << ChunkShift);

    /// <summary>The step with this number.</summary>
    public static DqoCoreStep Of(int code) => new((DqoCoreStepKind)(code & Mask), (code >> IdShift) & Mask, (code >> ChunkShift) & Mask);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        DqoCoreStepKind.Post => "post a buffer",
        DqoCoreStepKind.PostWithoutPage => "post a buffer, but there is no page",
        DqoCoreStepKind.Complete => $"complete buffer {Id}, its chunk goes to the stack",
        DqoCoreStepKind.CompleteCopied => $"complete buffer {Id}, its packet is copied",
        DqoCoreStepKind.Put => $"let go of a packet in buffer {Id}, chunk {Chunk}",
        DqoCoreStepKind.PutOrphan => "let go of a packet on a page given up",
        DqoCoreStepKind.Clone => $"clone a packet in buffer {Id}, chunk {Chunk}",
        _ => "clone a packet on a page given up",
    };
}
