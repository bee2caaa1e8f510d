using RxVerify.Implementation.Memory;

namespace RxVerify.Implementation.Port;

/// <summary>
/// The XDP programs that are referred to (B.4.10), numbered from 1 as they were asked for. Who refers to one that was freed is
/// trapped.
/// </summary>
/// <param name="memory">Where traps are kept.</param>
internal sealed unsafe class PortPrograms(PhysicalMemory memory) : StatePart
{
    // The port's, the one asked for, the one before and one for each queue; more only when references leak, the oldest of which are forgotten.
    private const int Places = 16;

    private int* _asked;
    private Entry* _entries;

    /// <summary>Programs ever asked for; the last one's number.</summary>
    public int Asked => *_asked;

    /// <summary>References to a program, 0 when it was freed.</summary>
    public int ReferencesOf(int program) => Find(program) is var entry and not null ? entry->References : 0;

    /// <summary>One more program, with the reference of who asks; returns its number.</summary>
    public int Ask()
    {
        int program = ++*_asked;
        var entry = Find(0);
        entry = entry == null ? _entries + (program % Places) : entry;
        *entry = new Entry { Program = program, References = 1 };
        return program;
    }

    /// <summary>One more reference (bpf_prog_inc).</summary>
    public void Get(int program)
    {
        if (Use(program) is var entry and not null)
        {
            entry->References++;
        }
    }

    /// <summary>One reference less; the last one frees the program (bpf_prog_put).</summary>
    public void Put(int program)
    {
        if (Use(program) is var entry and not null && --entry->References == 0)
        {
            *entry = default;
        }
    }

    /// <summary>The program's entry, or null, with a trap, when it was freed.</summary>
    public Entry* Use(int program)
    {
        var entry = Find(program);
        if (entry == null)
        {
            memory.Catch(TrapKind.ProgramIsFreed, -1, program, 0);
        }

        return entry;
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _asked = cursor.Take<int>(1);
        _entries = cursor.Take<Entry>(Places);
    }

    /// <summary>The entry of a program, of number 0 an empty one; null when there is none.</summary>
    private Entry* Find(int program)
    {
        for (var entry = _entries; entry < _entries + Places; entry++)
        {
            if (entry->Program == program)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>A program that is referred to.</summary>
    internal struct Entry
    {
        public int Program;
        public int References;
    }
}
