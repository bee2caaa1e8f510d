using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Pictures;

/// <summary>The pages of a scene, from emulated memory.</summary>
/// <param name="scene">The scene that is put together.</param>
/// <param name="memory">The memory.</param>
internal sealed class SceneMemory(SceneBuilder scene, PhysicalMemory memory)
{
    /// <summary>Every page that is allocated, before anybody is known to have anything of it.</summary>
    public void AddPages()
    {
        for (int frame = 0; frame < memory.FramesUsed; frame++)
        {
            if (memory.IsAllocated(frame))
            {
                PageAt(frame);
            }
        }
    }

    /// <summary>The page in a frame; null when there never was one.</summary>
    public PageSketch? PageAt(int frame)
    {
        var id = memory.PageOf(frame);
        if (id.Value == 0)
        {
            return null;
        }

        var page = scene.Page(id, memory.PageSize);
        page.IsMapped = memory.IsMapped(frame);
        page.IsFreed = !memory.IsAllocated(frame);
        return page;
    }

    /// <summary>Somebody has the granules in which these bytes lie: holding and posting are told apart no finer.</summary>
    public void MarkGranules(int frame, int offset, int length, Holder holder, string text)
    {
        int first = offset / memory.GranuleSize;
        int last = (offset + Math.Max(length, 1) - 1) / memory.GranuleSize;
        int end = Math.Min((last + 1) * memory.GranuleSize, Math.Max(memory.PageSize, offset + length));
        PageAt(frame)?.Mark(first * memory.GranuleSize, end - (first * memory.GranuleSize), holder, text);
    }

    /// <summary>The page in a frame as a list entry names it.</summary>
    public string Name(int frame) => memory.PageOf(frame).ToString();

    /// <summary>Bytes of a page as a list entry names them.</summary>
    public string Entry(int frame, int offset) => $"{memory.PageOf(frame)} byte {offset}";
}
