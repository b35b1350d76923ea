using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Sbom;

/// <summary>What a project says of the bills of materials of its images (LambdaSbom).</summary>
/// <param name="Folder">Absolute folder that they are written to.</param>
/// <param name="Name">Their file name, without what <see cref="ImageSbom"/> adds.</param>
internal sealed record SbomSettings(string Folder, string Name)
{
    /// <summary>Whether they are put beside the pushed images too.</summary>
    public bool IsAttached { get; init; }
}

/// <summary>The bill of materials of one image.</summary>
/// <param name="Image">Descriptor of the image's manifest.</param>
/// <param name="FileName">What to call it.</param>
/// <param name="Document">See <see cref="SbomDocument"/>.</param>
internal sealed record ImageSbom(Descriptor Image, string FileName, byte[] Document)
{
    // By this ending tools know CycloneDX: https://cyclonedx.org/specification/overview/#recognized-file-patterns
    private const string Extension = ".cdx.json";

    /// <summary>Makes the documents of images that are ready to be published.</summary>
    /// <param name="images">One for each platform.</param>
    /// <param name="repository">Where they go: <c>host/path</c>, or a name without host for an archive.</param>
    /// <param name="settings">Names of the files.</param>
    public static IReadOnlyList<ImageSbom> Of(
        IReadOnlyList<FinishedImage> images, string repository, SbomSettings settings) =>
        [.. images.Select(finished => Of(
            finished, repository, settings.Name + (images.Count > 1 ? $".{finished.Image.Platform.LambdaArchitecture}" : "")))];

    /// <summary>Writes the document; LLC5013 when that cannot be done.</summary>
    public Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        return AtomicFile.WriteAsync(
            path,
            async (stream, token) => await stream.WriteAsync(Document, token),
            cause => new LayersException("LLC5013",
                $"The bill of materials '{DisplayText.Name(path)}' cannot be written: {cause.Message} Name another place for "
                + "it and the image file: <LambdaImageFile>…/lambda-image.json</LambdaImageFile>, or switch it off: "
                + "<LambdaSbom>None</LambdaSbom>. Nothing was published.", cause),
            cancellationToken);
    }

    /// <summary>The document as it is attached to the image.</summary>
    public Referrer ToReferrer() => new(Image, SbomDocument.MediaType, FileName, Document);

    private static ImageSbom Of(FinishedImage finished, string repository, string name)
    {
        var image = finished.Image;
        var application = finished.DependencyFile is { } file ? DependencyFile.Parse(file.Content, file.Name) : [];
        var document = SbomDocument.Create(
            new SbomImage(repository, image.Digest, image.Platform),
            image is { Reference: { } @base, PinnedDigest: { } digest } ? @base.WithDigest(digest) : image.Reference,
            [.. finished.ItemLayers.Select(layer => new SbomLayer(layer.Origin.Source, layer.Origin.TargetPath, layer.Digest))],
            application);
        return new ImageSbom(image.Manifest.Descriptor, name + Extension, document);
    }
}
