using System.Net;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>How patient every transfer is: layer downloads, registries and token services alike.</summary>
internal sealed record HttpPolicy
{
    /// <summary>The one policy of real builds.</summary>
    public static HttpPolicy Default { get; } = new();

    /// <summary>How long a connection may take to come about, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Attempts in a row that bring nothing, the first included.</summary>
    public int MaximumAttempts { get; init; } = 6;

    /// <summary>The same for a host to which not even a connection comes about.</summary>
    public int MaximumConnectAttempts { get; init; } = 3;

    /// <summary>The first wait between two attempts; each further one is twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that is chosen here.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait that a server may ask for (Retry-After); one that wants more is given up at once.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a peer may be silent, or slower than <see cref="MinimumRate"/>.</summary>
    public TimeSpan StallTimeout { get; init; } = Limits.Default.Stall;

    /// <summary>
    /// Bytes a second, over a whole <see cref="StallTimeout"/>, below which a transfer counts as stalled: a server that
    /// sends one byte now and then must not hold a build for ever.
    /// </summary>
    public int MinimumRate { get; init; } = Limits.Default.MinimumRate;

    /// <summary>How long a server may think about an upload that it has received: some hash and copy it first.</summary>
    public TimeSpan UploadAnswerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the question whether a registry speaks HTTP or HTTPS may take.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Redirects followed for one request; registries and file servers need one or two.</summary>
    public int MaximumRedirects { get; init; } = Limits.Default.Redirects;

    /// <summary>Bytes between two cuts after which a transfer is worth as many attempts again.</summary>
    public int EnoughProgress { get; init; } = 256 << 10;

    /// <summary>Whether the same request may go well in a moment.</summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 425 or 429 or 500 or 502 or 503 or 504;
}
