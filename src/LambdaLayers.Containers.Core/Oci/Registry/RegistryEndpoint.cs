namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Where a registry of a reference is on the network.</summary>
/// <param name="Registry">As in references: <c>docker.io</c>, <c>localhost:5000</c>. Credentials belong to this
/// name.</param>
/// <param name="Root">Scheme, host and port.</param>
/// <param name="Verified">False when any certificate will do: for loopback and what the user listed.</param>
internal sealed record RegistryEndpoint(string Registry, Uri Root, bool Verified)
{
    private const string DockerHubHost = "registry-1.docker.io";

    /// <summary>Whether it is on this machine.</summary>
    public bool IsLoopback => InsecureRegistries.IsLoopback(Root);

    /// <summary>
    /// The places to try, the preferred first. Loopback is plain HTTP by custom; what the user listed as insecure gets
    /// HTTPS
    /// first, as in the SDK; everything else is HTTPS only.
    /// </summary>
    public static IReadOnlyList<RegistryEndpoint> Candidates(string registry, InsecureRegistries insecure)
    {
        var host = registry == ImageReference.DockerHub ? DockerHubHost : registry;
        var secure = new RegistryEndpoint(registry, new Uri($"https://{host}/"), Verified: true);
        if (!secure.IsLoopback && !insecure.Contains(registry))
            return [secure];

        secure = secure with { Verified = false };
        var plain = secure with { Root = new Uri($"http://{host}/") };
        return secure.IsLoopback ? [plain, secure] : [secure, plain];
    }

    /// <summary>Whether <paramref name="uri"/> is this registry itself, by scheme, host and port.</summary>
    public bool Owns(Uri uri) =>
        Uri.Compare(
            uri, Root, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
