namespace RxVerify.Properties.Pictures;

/// <summary>What is seen of a world after one step, whatever the scheme: pages and who has which bytes, lists in their order, and facts.</summary>
/// <param name="Pages">Pages, the oldest first.</param>
/// <param name="Queues">Lists and queues, each step the same ones in the same order.</param>
/// <param name="Facts">Everything else that has a value.</param>
public sealed record Scene(IReadOnlyList<ScenePage> Pages, IReadOnlyList<SceneQueue> Queues, IReadOnlyList<SceneFact> Facts);

/// <summary>A page.</summary>
/// <param name="Number">Number of its birth.</param>
/// <param name="IsMapped">Whether the device can reach it; null when nobody knows.</param>
/// <param name="Note">What else there is to say of the whole page.</param>
/// <param name="Cells">Its bytes, cut where the holders change, in their order.</param>
public sealed record ScenePage(int Number, bool? IsMapped, string Note, IReadOnlyList<SceneCell> Cells);

/// <summary>Some bytes of a page that the same holders have.</summary>
/// <param name="Offset">First byte on the page.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Marks">Who has them; more than one is rarely right.</param>
public sealed record SceneCell(int Offset, int Length, IReadOnlyList<SceneMark> Marks)
{
    /// <summary>Whether it and the bytes given have any in common.</summary>
    public bool Overlaps(int offset, int length) => offset < Offset + Length && Offset < offset + length;

    /// <summary>Whether somebody has it as this.</summary>
    public bool IsOf(Holder holder) => Marks.Any(mark => mark.Holder == holder);
}

/// <summary>One who has some bytes.</summary>
/// <param name="Holder">As what.</param>
/// <param name="Text">Which one: the packet, the buffer, the slot.</param>
public readonly record struct SceneMark(Holder Holder, string Text);

/// <summary>A list or a queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entries">What is in it, the first one first.</param>
public sealed record SceneQueue(string Name, IReadOnlyList<string> Entries);

/// <summary>Something that has a value: a counter, a state, a limit.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record SceneFact(string Name, string Value);
