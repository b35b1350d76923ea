using System.Globalization;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>Says nothing about transfers that are over soon, and a line now and then about slow ones.</summary>
/// <param name="action">How the line begins: <c>Downloading tools:3</c>.</param>
internal sealed class TransferProgress(string action, long? size, IEngineLog log, TimeProvider time)
{
    private const double Mega = 1_000_000;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = First;

    /// <summary>Tells how many bytes have moved by now.</summary>
    public void Report(long moved)
    {
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        log.High(Line(moved, elapsed));
    }

    private string Line(long moved, TimeSpan elapsed)
    {
        var rate = moved / Mega / elapsed.TotalSeconds;
        var amount = size is { } total and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * moved / total:0} % of {total / Mega:0.0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{moved / Mega:0.0} MB");
        return string.Create(CultureInfo.InvariantCulture, $"{action}: {amount}, {rate:0.00} MB/s");
    }
}
