namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>One thing to ask a registry for.</summary>
/// <param name="Image">Whose repository.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">Below <c>/v2/REPOSITORY/</c>.</param>
/// <param name="What">For messages: <c>the manifest of '…'</c>.</param>
internal sealed record RegistryRequest(ImageReference Image, HttpMethod Method, string Path, string What)
{
    /// <summary>Media types, the preferred first.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The first byte wanted, to go on after a cut.</summary>
    public long Offset { get; init; }

    /// <summary>The blob asked for, or null for a manifest.</summary>
    public Descriptor? Blob { get; init; }
}
