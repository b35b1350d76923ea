using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>A source that is asked about one registry only: an item's Profile says nothing about other registries.</summary>
internal sealed class OneRegistrySource(string registry, ICredentialSource source) : ICredentialSource
{
    public string Name => source.Name;

    public async Task<Credential?> GetAsync(string asked, CancellationToken cancellationToken) =>
        asked == registry ? await source.GetAsync(asked, cancellationToken) : null;
}
