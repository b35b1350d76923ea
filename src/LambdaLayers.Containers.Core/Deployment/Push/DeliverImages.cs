using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>Brings finished images to where they go: a registry, an archive; with their bills of materials.</summary>
/// <param name="http">The transport.</param>
/// <param name="credentials">Those for a use of registries.</param>
/// <param name="options">How registries are talked to.</param>
/// <param name="log">Hears of waits and progress.</param>
internal sealed class DeliverImages(
    HttpTransport http, Func<RegistryUse, CredentialChain> credentials, RegistryOptions options, IEngineLog log)
{
    /// <summary>Verifies the images and brings them there.</summary>
    /// <param name="finished">One for each platform, in the order of an index.</param>
    /// <param name="isIndex">Whether an index leads to them.</param>
    /// <param name="destination">Where.</param>
    /// <param name="sbom">The bills of materials; null for none.</param>
    /// <param name="verifyAsync">Verifies them; called before anything leaves, and again when missing layers were made.</param>
    /// <param name="cancellationToken">Stops it; nothing half-written stays behind.</param>
    public async Task<PublishedImages> RunAsync(
        IReadOnlyList<FinishedImage> finished, bool isIndex, PublishDestination destination, SbomSettings? sbom,
        Func<CancellationToken, Task> verifyAsync, CancellationToken cancellationToken)
    {
        await verifyAsync(cancellationToken);
        var images = finished.Select(f => f.Image).ToList();
        var index = isIndex ? ImageIndex.Of(images[0].Manifest.Family, images.Select(i => i.Descriptor)) : null;
        var published = new PublishedImages(images, index);
        var documents = sbom is null ? [] : ImageSbom.Of(finished, destination.Repository?.Name ?? destination.Name, sbom);
        foreach (var document in documents)
            await document.WriteAsync(sbom!.Folder, cancellationToken);
        if (destination.ArchivePath is { } path)
            await ImageArchive.WriteAsync(path, published, destination.ArchiveNames, cancellationToken);
        else if (destination.Repository is { } repository)
        {
            await PushAsync(
                published, repository, destination, sbom is { IsAttached: true } ? documents : [], verifyAsync, cancellationToken);
        }

        return published;
    }

    private async Task PushAsync(
        PublishedImages published, ImageReference repository, PublishDestination destination,
        IReadOnlyList<ImageSbom> attached, Func<CancellationToken, Task> verifyAsync, CancellationToken cancellationToken)
    {
        // What is pushed may be private layers of the build's own, so that pulling offline says nothing about pushing.
        var online = options with { Offline = new OfflineMode(false) };
        var chain = credentials(RegistryUse.None with { Destination = repository.Registry });
        var push = new ImagePush(http, chain, online, log) { MadeAsync = verifyAsync };
        // All blobs of all images before the first tag: should one fail, no tag has moved.
        await push.RunAsync(
            published.Images, published.Index, destination.References(destination.Tags), cancellationToken);
        foreach (var image in published.Index is null ? [] : published.Images)
            await push.RunAsync([image], null, destination.References(destination.TagsOf(image.Platform)), cancellationToken);
        var referrers = new ReferrerPush(http, chain, online, log);
        foreach (var document in attached)
            await referrers.RunAsync(document.ToReferrer(), repository, cancellationToken);
    }
}
