using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>How patient the client is, and which registries it may talk to without verified TLS.</summary>
internal sealed record RegistryOptions
{
    /// <summary>Registries that may speak plain HTTP or have any certificate; loopback always may.</summary>
    public InsecureRegistries Insecure { get; init; } = InsecureRegistries.None;

    /// <summary>Whether registries may be asked at all.</summary>
    public OfflineMode Offline { get; init; } = new(false);

    /// <summary>Sends of one request, the first included.</summary>
    public int MaximumAttempts { get; init; } = 5;

    /// <summary>Sends of one request to a host that cannot be reached at all.</summary>
    public int MaximumConnectAttempts { get; init; } = 3;

    /// <summary>The first wait; each further one is twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait; a server that asks for more (Retry-After) is given up at once.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a server may stay silent, before its answer and within it.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a probe for HTTP or HTTPS may take.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Redirects followed for one request; registries need one or two.</summary>
    public int MaximumRedirects { get; init; } = 5;

    /// <summary>Whether tokens may carry the right to push; reading never asks for it.</summary>
    public bool Push { get; init; }

    /// <summary>Told about every wait before another try, so that a slow build explains itself.</summary>
    public Action<string> Notice { get; init; } = static _ => { };
}
