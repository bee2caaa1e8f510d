using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>Time decides how many operations are done, and nothing else: the same number again gives the same run.</summary>
internal static class Timed
{
    /// <summary>Fuzzes until the operations are done or the time is up.</summary>
    public static FuzzResult Fuzz(Scheme scheme, FuzzOptions options, TimeSpan? time, Action<string> report, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (time is { } limit)
        {
            end.CancelAfter(limit);
        }

        return scheme.Fuzz(options, new Reported(report), end.Token);
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, on the thread that reports, and only now and then.</summary>
    internal sealed class Reported(Action<string> report, string unit = "operation", long every = 100_000) : IProgress<long>
    {
        private long _next;

        public void Report(long value)
        {
            if (value >= _next)
            {
                _next = value + every;
                report(Words.Count(value, unit));
            }
        }
    }
}
