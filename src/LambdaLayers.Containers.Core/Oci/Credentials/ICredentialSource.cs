namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>A place where credentials for registries may be.</summary>
internal interface ICredentialSource
{
    /// <summary>
    /// Where it looks, in words for the message that nothing was found: <c>the docker configuration '…'</c>.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// The credential meant for <paramref name="registry"/> (as in references: <c>docker.io</c>, <c>host:port</c>), or
    /// null.
    /// </summary>
    Task<Credential?> GetAsync(string registry, CancellationToken cancellationToken);
}
