using System.Globalization;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>Says nothing about downloads that are over soon, and a line now and then about slow ones.</summary>
internal sealed class DownloadProgress(string name, long? size, IEngineLog log, TimeProvider time)
{
    private const double Mega = 1_000_000;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = First;

    /// <summary>Tells how many bytes there are by now.</summary>
    public void Report(long received)
    {
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        log.High(Line(received, elapsed));
    }

    private string Line(long received, TimeSpan elapsed)
    {
        var rate = received / Mega / elapsed.TotalSeconds;
        var amount = size is { } total and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * received / total:0} % of {total / Mega:0.0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{received / Mega:0.0} MB");
        return string.Create(CultureInfo.InvariantCulture, $"Downloading {name}: {amount}, {rate:0.00} MB/s");
    }
}
