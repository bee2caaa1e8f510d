namespace RxVerify.Properties.Recordings;

/// <summary>How a release count fits those before it.</summary>
internal enum Arrival
{
    /// <summary>One more than the highest, or the first of a pool that was there before.</summary>
    Next,

    /// <summary>Numbers before it are still missing: another processor has counted and not yet printed.</summary>
    Ahead,

    /// <summary>It was missing.</summary>
    Late,

    /// <summary>It is older than the first one there can be, or of a pool that was there before, than the first one seen.</summary>
    Earlier,

    /// <summary>It was seen.</summary>
    Again,

    /// <summary>So many were missing that some had to be forgotten, perhaps this one.</summary>
    Unclear,
}

/// <summary>Which release counts of a pool were seen, as stretches: two processors may print theirs in either order, so there may be gaps for a while.</summary>
/// <remarks>Counts wrap at 32 bits; here they are unrolled to 64.</remarks>
internal sealed class ReleaseCounts
{
    /// <summary>No machine has so many tasks between counting and printing; beyond it the oldest gap is forgotten.</summary>
    public const int GapsMax = 1_024;

    private readonly List<(long From, long To)> _seen = [];
    private readonly bool _isFromStart;
    private long _owed;
    private long _forgiven = long.MinValue;
    private long _blurred = long.MinValue;

    /// <summary>Begins with a pool that has released nothing, or with one of which nothing is known.</summary>
    public ReleaseCounts(bool isFromStart)
    {
        _isFromStart = isFromStart;
        if (isFromStart)
        {
            _seen.Add((0, 0));
        }
    }

    /// <summary>Whether the count is known at all.</summary>
    public bool IsKnown => _seen.Count > 0;

    /// <summary>Whether a gap had to be forgotten.</summary>
    public bool HasForgotten => _blurred > long.MinValue;

    /// <summary>The highest count printed by a page that left.</summary>
    public uint Highest => (uint)_seen[^1].To;

    /// <summary>Counts that a higher one, or the pool itself, says there were, and that were not printed. Those lost with events are not among them.</summary>
    public long Missing
    {
        get
        {
            long missing = IsKnown ? Math.Max(0, _owed - _seen[^1].To) : 0;
            for (int i = 1; i < _seen.Count; i++)
            {
                missing += _seen[i].From > _forgiven ? _seen[i].From - Math.Max(_seen[i - 1].To, _forgiven) - 1 : 0;
            }

            return missing;
        }
    }

    /// <summary>Whether every count from the first to the highest was printed, and none is owed.</summary>
    public bool IsUnbroken => _seen.Count == 1 && _owed <= _seen[0].To;

    /// <summary>Whether a count may still be printed for the first time.</summary>
    public bool IsMissing(uint printed)
    {
        long count = Unrolled(printed);
        return IsKnown && count <= Math.Max(_owed, _seen[^1].To) && count > _seen[0].From && !Contains(count);
    }

    /// <summary>Whether a count was printed before.</summary>
    public bool WasSeen(uint printed) => IsKnown && Contains(Unrolled(printed));

    /// <summary>A page that left printed this count.</summary>
    public Arrival Note(uint printed)
    {
        if (!IsKnown)
        {
            _seen.Add((printed, printed));
            return Arrival.Next;
        }

        long count = Unrolled(printed);
        var (from, to) = _seen[^1];
        if (count == to + 1)
        {
            _seen[^1] = (from, count);
            return Arrival.Next;
        }

        if (count > to)
        {
            _seen.Add((count, count));
            Bound();
            return Arrival.Ahead;
        }

        if (_isFromStart && count <= 0)
        {
            return Arrival.Earlier;
        }

        return Contains(count) ? count < _blurred ? Arrival.Unclear : Arrival.Again : Fill(count);
    }

    /// <summary>The pool itself says that so many left: those not printed yet will be.</summary>
    public void Owe(uint printed)
    {
        if (!IsKnown)
        {
            // An empty stretch: which of the counts up to this one were printed before nobody knows.
            _seen.Add(((long)printed + 1, printed));
        }

        _owed = Math.Max(_owed, Unrolled(printed));
    }

    /// <summary>Events were lost: what is missing up to now may be among them. Returns how many that are.</summary>
    public long Forgive()
    {
        long missing = Missing;
        if (IsKnown)
        {
            _forgiven = Math.Max(_seen[^1].To, _owed);
            _owed = Math.Min(_owed, _seen[^1].To);
        }

        return missing;
    }

    private long Unrolled(uint printed) => IsKnown ? _seen[^1].To + (int)(printed - (uint)_seen[^1].To) : printed;

    private int At(long count)
    {
        int low = 0;
        int high = _seen.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _seen[middle].To < count ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private bool Contains(long count) => At(count) is var at && at < _seen.Count && _seen[at].From <= count;

    private Arrival Fill(long count)
    {
        int at = At(count);
        bool touchesNext = _seen[at].From == count + 1;
        bool touchesBefore = at > 0 && _seen[at - 1].To == count - 1;
        if (touchesNext && touchesBefore)
        {
            _seen[at - 1] = (_seen[at - 1].From, _seen[at].To);
            _seen.RemoveAt(at);
        }
        else if (touchesNext)
        {
            _seen[at] = (count, _seen[at].To);
        }
        else if (touchesBefore)
        {
            _seen[at - 1] = (_seen[at - 1].From, count);
        }
        else
        {
            _seen.Insert(at, (count, count));
            Bound();
        }

        return at == 0 && !_isFromStart ? Arrival.Earlier : Arrival.Late;
    }

    private void Bound()
    {
        if (_seen.Count > GapsMax)
        {
            _blurred = _seen[1].From;
            _seen[1] = (_seen[0].From, _seen[1].To);
            _seen.RemoveAt(0);
        }
    }
}
