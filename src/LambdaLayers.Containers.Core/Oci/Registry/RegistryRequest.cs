namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>One thing to ask a registry for.</summary>
/// <param name="Image">Whose repository.</param>
/// <param name="Method">GET or HEAD; POST and PUT to push.</param>
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

    /// <summary>Makes the body, anew for each time that it is sent; null for none.</summary>
    public Func<CancellationToken, Task<HttpContent>>? OpenContentAsync { get; init; }

    /// <summary>The address that the registry gave for this request, in place of <see cref="Path"/>.</summary>
    public Uri? Address { get; init; }

    /// <summary>Whether 404 is an answer like any other.</summary>
    public bool MayBeMissing { get; init; }
}
