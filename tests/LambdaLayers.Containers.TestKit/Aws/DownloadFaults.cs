namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>What goes wrong with the downloads of a layer. Counters count down to zero, then all is well.</summary>
public sealed class DownloadFaults
{
    private int _cuts;
    private int _unavailable;
    private int _expired;

    /// <summary>So many downloads lose their connection, each after at most <see cref="CutAfterBytes"/> bytes of its body.</summary>
    public int Cuts
    {
        get => _cuts;
        set => _cuts = value;
    }

    public long CutAfterBytes { get; set; }

    /// <summary>So many downloads get 503 SlowDown.</summary>
    public int Unavailable
    {
        get => _unavailable;
        set => _unavailable = value;
    }

    /// <summary>So many links are expired already when they are given out.</summary>
    public int ExpiredLinks
    {
        get => _expired;
        set => _expired = value;
    }

    /// <summary>One bit of the content is wrong.</summary>
    public bool WrongBytes { get; set; }

    /// <summary>Range headers are ignored, as some proxies in between do: the whole file with 200.</summary>
    public bool IgnoreRange { get; set; }

    /// <summary>Wait before each 64 KB of a body.</summary>
    public TimeSpan Delay { get; set; }

    internal bool TakeCut() => Take(ref _cuts);

    internal bool TakeUnavailable() => Take(ref _unavailable);

    internal bool TakeExpired() => Take(ref _expired);

    private static bool Take(ref int counter)
    {
        for (var seen = Volatile.Read(ref counter); seen > 0; seen = Volatile.Read(ref counter))
        {
            if (Interlocked.CompareExchange(ref counter, seen - 1, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }
}
