namespace RxVerify.Explorer;

/// <content>What a checkpoint holds.</content>
internal sealed partial class Walk<TSystem>
{
    private void Write(BinaryWriter to)
    {
        to.Write(ElapsedInAll.Ticks);
        _visited.Write(to);
        to.Write(_atDepth.Count);
        _atDepth.ForEach(to.Write);
        var open = _workers.SelectMany(worker => worker.Next).ToList();
        WriteSegments(to, _frontier.GetRange(_taken, _frontier.Count - _taken));
        WriteSegments(to, open);
        to.Write(Found);
        to.Write(_workers.Sum(worker => worker.Transitions));
        to.Write(_workers.Sum(worker => worker.Expanded));
        WriteSums(to, _kinds.Count, static (worker, kind) => worker.KindsTaken[kind]);
        WriteSums(to, _kinds.Count, static (worker, kind) => worker.KindsEnabled[kind]);
        WriteSums(to, _landmarks.Count, static (worker, landmark) => worker.Landmarks[landmark]);
    }

    private void Read(BinaryReader from)
    {
        _elapsedBefore = TimeSpan.FromTicks(from.ReadInt64());
        _visited.Read(from);
        int depths = from.ReadInt32();
        for (int depth = 0; depth < depths; depth++)
        {
            _atDepth.Add(from.ReadInt64());
        }

        _frontier = ReadSegments(from);
        _workers[0].Next.AddRange(ReadSegments(from));
        long found = from.ReadInt64();
        long transitions = from.ReadInt64();
        long expanded = from.ReadInt64();
        _workers[0].Resume(found, transitions, expanded, ReadSums(from, _kinds.Count), ReadSums(from, _kinds.Count), ReadSums(from, _landmarks.Count));
        _restoredBytes = _frontier.Concat(_workers[0].Next).Sum(segment => segment.Saved?.Bytes ?? 0);
        if (_frontier.Count == 0)
        {
            GatherNext();
        }
    }

    private void WriteSums(BinaryWriter to, int count, Func<Worker<TSystem>, int, long> of)
    {
        for (int index = 0; index < count; index++)
        {
            to.Write(_workers.Sum(worker => of(worker, index)));
        }
    }

    private static long[] ReadSums(BinaryReader from, int count)
    {
        long[] sums = new long[count];
        for (int index = 0; index < count; index++)
        {
            sums[index] = from.ReadInt64();
        }

        return sums;
    }

    private static void WriteSegments(BinaryWriter to, List<Segment> segments)
    {
        to.Write(segments.Count);
        foreach (var segment in segments)
        {
            to.Write(segment.First);
            to.Write(segment.Count);
            to.Write(segment.Saved?.Bytes ?? 0);
            segment.Saved?.Write(to);
        }
    }

    private static List<Segment> ReadSegments(BinaryReader from)
    {
        int count = from.ReadInt32();
        var segments = new List<Segment>(count);
        for (int index = 0; index < count; index++)
        {
            uint first = from.ReadUInt32();
            int states = from.ReadInt32();
            long bytes = from.ReadInt64();
            var saved = bytes == 0 ? null : new NativeArray<byte>(bytes);
            saved?.Read(from);
            segments.Add(new Segment(first, saved) { Count = states });
        }

        return segments;
    }
}
