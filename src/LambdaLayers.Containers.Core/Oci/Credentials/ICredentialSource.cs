namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>A place where credentials for registries may be.</summary>
internal interface ICredentialSource
{
    /// <summary>
    /// Where it looks, in words for the message that nothing was found: <c>the docker configuration '…'</c>.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// A credential made for exactly this registry and purpose, or null.
    /// </summary>
    Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken);
}
