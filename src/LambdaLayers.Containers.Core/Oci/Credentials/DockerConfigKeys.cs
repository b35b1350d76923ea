namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>The names under which docker and podman keep what belongs to a registry.</summary>
internal static class DockerConfigKeys
{
    /// <summary>Docker's name for its hub.</summary>
    public const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>The names to ask for, the likeliest first: docker's key for its hub, podman's after it.</summary>
    public static IReadOnlyList<string> For(string registry) =>
        registry == ImageReference.DockerHub ? [DockerHub, "index.docker.io", ImageReference.DockerHub] : [registry];

    /// <summary>
    /// Whether a key as somebody wrote it (<c>https://host/v1/</c>, <c>host/</c>, <c>Host</c>) means this registry.
    /// Podman's keys for single
    /// repositories (<c>host/name</c>) do not.
    /// </summary>
    public static bool Means(string key, string registry)
    {
        var host = key;
        var scheme = host.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            host = host[(scheme + 3)..];
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : host[slash..].Trim('/');
        host = slash < 0 ? host : host[..slash];
        return path is "" or "v1" or "v2" && host.Equals(registry, StringComparison.OrdinalIgnoreCase);
    }
}
