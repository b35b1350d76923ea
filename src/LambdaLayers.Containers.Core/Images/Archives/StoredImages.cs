using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Archives;

/// <summary>Images as they are stored somewhere, with the index that leads to them.</summary>
/// <param name="Images">At least one.</param>
/// <param name="Index">What the reference or the archive names; null when it names one image.</param>
internal sealed record StoredImages(IReadOnlyList<Image> Images, ImageIndex? Index) : IDisposable
{
    /// <summary>Whether each image's manifest is stored with it; <c>docker save</c> used to leave it out.</summary>
    public bool HasManifests { get; init; } = true;

    /// <summary>What the layers' content is read from.</summary>
    public IDisposable? Source { get; init; }

    public void Dispose() => Source?.Dispose();
}
