using RxVerify.Explorer;

namespace RxVerify.Properties.Recordings;

/// <summary>Pages come in and leave (C.2.4, C.5).</summary>
internal sealed partial class RecordingLaw
{
    /// <summary>A page comes in: its count says whether it is this life's next page or the first of a new life.</summary>
    private PoolLife NoteHold(in RecordedEvent found)
    {
        var life = Current(found.Pool) is { } current && !BeginsLife(current, found) ? current : Begin(found, isWhole: found.Count == 1);
        CountHold(life, found);
        life.Holds++;
        if (life.LastLook is not null && life.LookEpoch == _epoch)
        {
            Break(life, RecordingClaims.End, $"page {NameOf(found)} comes in although the pool was destroyed before line {_line}");
        }

        ref var page = ref _pages.Place(found.Identity, out bool isHeld);
        if (isHeld)
        {
            HeldAlready(life, found, page);
        }
        else
        {
            life.Holding(RecordingClaims.Once);
        }

        page = new HeldPage
        {
            Life = life.Index,
            Epoch = _epoch,
            Line = _line,
            Time = found.Time,
            Page = found.Page,
            Hold = found.Count,
            Processor = found.Processor,
            Task = _tasks.Of(found.Task),
            Process = found.Process,
        };
        life.Outside++;
        return life;
    }

    private bool BeginsLife(PoolLife life, in RecordedEvent found)
    {
        if (life.IsOver)
        {
            if (found.Count != 1 && life.OverEpoch == _epoch)
            {
                Break(life, RecordingClaims.End, $"page {NameOf(found)} comes in with hold={found.Count} after inflight=0 in line {life.OverLine}");
            }

            return true;
        }

        if (!life.IsHoldKnown)
        {
            return BeginsAfterReleases(life, found);
        }

        if (found.Count == life.Ledger.Brought().Hold)
        {
            return false;
        }

        if (life.HoldEpoch != _epoch)
        {
            return (int)(found.Count - life.Ledger.Hold) <= 0;
        }

        if (found.Count != 1)
        {
            return false;
        }

        // Where looks are not recorded, a pool that has everything back may have ended.
        Break(
            life, RecordingClaims.Hold,
            $"hold=1 after hold={life.Ledger.Hold}, though the pool had not ended and {life.Outside} of its pages are outside",
            life.Outside == 0 ? RecordedKind.Look : null);
        return true;
    }

    /// <summary>Of the pool so far only pages that left are known, so its first page came in before.</summary>
    private bool BeginsAfterReleases(PoolLife life, in RecordedEvent found)
    {
        if (found.Count == 1 && life.ReleaseEpoch == _epoch)
        {
            Break(life, RecordingClaims.Hold, $"hold=1 after release={life.Ledger.Release}, though the pool had not ended", RecordedKind.Look);
        }

        return found.Count == 1;
    }

    private void CountHold(PoolLife life, in RecordedEvent found)
    {
        var expected = life.Ledger.Brought();
        if (life.IsHoldKnown && found.Count != expected.Hold)
        {
            if (life.HoldEpoch == _epoch)
            {
                Break(life, RecordingClaims.Hold, $"hold={found.Count} after hold={life.Ledger.Hold}");
            }
            else
            {
                life.Undecided(RecordingClaims.Hold, Doubt.Lost, _line);
            }
        }
        else if (life.IsHoldKnown)
        {
            life.Holding(RecordingClaims.Hold);
        }

        life.Ledger = expected with { Hold = found.Count };
        (life.IsHoldKnown, life.HoldEpoch) = (true, _epoch);
        if (life.Releases.IsKnown)
        {
            Draw(life, found.Time, life.Ledger.Inflight);
        }
    }

    private void HeldAlready(PoolLife life, in RecordedEvent found, in HeldPage held)
    {
        var holder = _lives[held.Life];
        if (held.Epoch == _epoch)
        {
            Break(
                life, RecordingClaims.Once,
                $"page {NameOf(found)} comes in, but pool {NameOf(holder)} holds it since line {held.Line} ({Who(held)})",
                RecordedKind.Release);
        }
        else
        {
            life.Undecided(RecordingClaims.Once, Doubt.Lost, _line);
        }

        holder.Outside--;
    }

    /// <summary>A page leaves for good.</summary>
    private PoolLife NoteRelease(in RecordedEvent found)
    {
        var life = LifeThatReleases(found);
        life.Left++;
        CountRelease(life, found);
        if (life.IsHoldKnown && !life.IsOver)
        {
            Draw(life, found.Time, life.Ledger.Inflight);
        }

        if (!_pages.Remove(found.Identity, out var page))
        {
            HeldByNobody(life, found);
            return life;
        }

        var holder = _lives[page.Life];
        if (holder == life)
        {
            CheckSamePage(life, found, page);
        }
        else if (holder.Pool == life.Pool)
        {
            life.Undecided(RecordingClaims.Owner, Doubt.LifeBefore, _line);
        }
        else if (page.Epoch == _epoch)
        {
            Break(life, RecordingClaims.Owner, $"page {NameOf(found)} leaves, but pool {NameOf(holder)} holds it since line {page.Line} ({Who(page)})");
            _pages.PutBack(found.Identity, page);
            return life;
        }
        else
        {
            life.Undecided(RecordingClaims.Owner, Doubt.Lost, _line);
        }

        holder.Outside--;
        return life;
    }

    /// <summary>Counting comes before printing, so a page may be printed after its pool was over, even after the next one began there.</summary>
    private PoolLife LifeThatReleases(in RecordedEvent found)
    {
        if (!_pools.TryGetValue(found.Pool, out var address))
        {
            return Begin(found, isWhole: false);
        }

        var life = address.Current;
        if (address.Before is { IsOver: true } before && before.Releases.IsMissing(found.Count) && IsHeldBy(before, found.Identity))
        {
            return before;
        }

        bool isLost = life.ReleaseEpoch != _epoch;
        if (life.IsOver && !life.Releases.IsMissing(found.Count))
        {
            if (life.OverEpoch != _epoch)
            {
                return Begin(found, isWhole: false);
            }

            Break(life, RecordingClaims.End, $"page {NameOf(found)} leaves with release={found.Count} after inflight=0 in line {life.OverLine}");
            return life;
        }

        return isLost && life.Releases.WasSeen(found.Count) ? Begin(found, isWhole: false) : life;
    }

    private bool IsHeldBy(PoolLife life, ulong identity)
    {
        if (!_pages.Remove(identity, out var page))
        {
            return false;
        }

        _pages.PutBack(identity, page);
        return page.Life == life.Index;
    }

    private void CountRelease(PoolLife life, in RecordedEvent found)
    {
        bool isLost = life.ReleaseEpoch != _epoch;
        if (life.IsHoldKnown && life.HoldEpoch == _epoch && (int)(life.Ledger.Hold - found.Count) < 0)
        {
            Break(life, RecordingClaims.Release, $"release={found.Count}, but only {Quantity.Of(life.Ledger.Hold, "page has", "pages have")} come in");
            return;
        }

        bool wasKnown = life.Releases.IsKnown;
        switch (life.Releases.Note(found.Count))
        {
            case Arrival.Again:
                Break(life, RecordingClaims.Release, $"release={found.Count} is printed a second time");
                break;
            case Arrival.Earlier when life.IsWhole:
                Break(life, RecordingClaims.Release, $"release={found.Count} is none of the counts from 1 on");
                break;
            case Arrival.Unclear:
                life.Undecided(RecordingClaims.Release, Doubt.TooMany, _line);
                break;
            case Arrival.Next when wasKnown && !isLost && found.Count != life.Ledger.Left().Release:
                Break(life, RecordingClaims.Release, $"release={found.Count} after release={life.Ledger.Release}");
                break;
            case Arrival.Next when !wasKnown && found.Count != 1:
                life.Undecided(RecordingClaims.Release, Doubt.Joined, _line);
                break;
            default:
                life.Holding(RecordingClaims.Release);
                break;
        }

        if (isLost && life.Releases.Forgive() > 0)
        {
            life.Undecided(RecordingClaims.Release, Doubt.Lost, _line);
        }

        life.ReleaseEpoch = _epoch;
        life.Ledger = life.Ledger with { Release = life.Releases.Highest };
    }

    private void HeldByNobody(PoolLife life, in RecordedEvent found)
    {
        if (life.IsWhole && life.BeginEpoch == _epoch)
        {
            Break(life, RecordingClaims.Owner, $"page {NameOf(found)} leaves, but no pool holds it", RecordedKind.Hold);
        }
        else
        {
            life.Undecided(RecordingClaims.Owner, life.IsWhole ? Doubt.Lost : Doubt.Joined, _line);
        }
    }

    /// <summary>Frame number and descriptor go together as long as the machine runs.</summary>
    private void CheckSamePage(PoolLife life, in RecordedEvent found, in HeldPage page)
    {
        if (page.Page == found.Page)
        {
            life.Holding(RecordingClaims.Owner);
        }
        else
        {
            Break(life, RecordingClaims.Owner, $"page {NameOf(found)} leaves, but it came in with the descriptor {page.Page:x} in line {page.Line}");
        }
    }

    private string Who(in HeldPage page) => $"processor {page.Processor}, task {_tasks[page.Task]}-{page.Process}";

    private static string NameOf(in RecordedEvent found) => found.IsDeviceMemory ? $"{found.Page:x}" : $"0x{found.Frame:x}";

    private static string NameOf(PoolLife life) => $"{life.Pool:x}";
}
