using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Archives;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers.FromImages;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification.Reports;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>Verifies the images of a publish, or those that are stored somewhere, and reports all findings at once.</summary>
/// <param name="cache">Has layers that are not made anew.</param>
/// <param name="options">What the project says.</param>
/// <param name="findSecrets">Credentials in use by now, which no image may hold.</param>
/// <param name="log">Hears the findings.</param>
internal sealed class VerifyImages(
    ContentCache cache, VerificationOptions options, Func<Task<IReadOnlyList<KnownSecret>>> findSecrets, IEngineLog log)
{
    /// <summary>
    /// Before anything is sent. Neither a base image nor a layer that only the lock file describes is fetched for it; what
    /// the push then makes of those is verified by another call.
    /// </summary>
    /// <exception cref="VerificationException">There are errors.</exception>
    public async Task OfPublishAsync(
        IReadOnlyList<Image> images, FunctionSettings? function, bool isRun, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
            return;
        var requests = images.Select(image => new VerificationRequest(image, OpenAtHandAsync)
        {
            Function = function,
            IsRun = isRun,
            HasBase = image.Layers.Any(layer => layer.Origin.IsBase),
            IsAdded = layer => !layer.Origin.IsBase,
        });
        await RunAsync(images[0].Reference?.ToString() ?? images[0].Digest.ToString(), requests, cancellationToken);
    }

    /// <summary>Every layer of what lies in a registry, an archive or a folder.</summary>
    /// <exception cref="VerificationException">There are errors.</exception>
    public async Task OfStoredAsync(string name, StoredImages stored, CancellationToken cancellationToken)
    {
        var blobs = new ImageBlobs(cache, log);
        var requests = stored.Images.Select(image => new VerificationRequest(
            image, (layer, token) => OpenAnyAsync(blobs, layer, token))
        {
            Index = stored.Index,
            HasManifest = stored.HasManifests,
        });
        await RunAsync(name, requests, cancellationToken);
    }

    private async Task RunAsync(string name, IEnumerable<VerificationRequest> requests, CancellationToken cancellationToken)
    {
        var verifier = new VerifyImage(cache, await findSecrets(), options, log);
        var findings = new List<Finding>();
        foreach (var request in requests)
            findings.AddRange(await verifier.RunAsync(request, cancellationToken));
        await new ReportFindings(options.ReportPath, log).RunAsync(name, findings, cancellationToken);
    }

    private async Task<Stream?> OpenAtHandAsync(Layer layer, CancellationToken cancellationToken) =>
        layer.Origin.IsBase || layer.IsLazy
            ? await cache.TryOpenAsync(layer.Digest, cancellationToken)
            : await layer.OpenCompressedAsync(cancellationToken);

    // What comes out of a registry is kept, so that the same layer of the next image need not be fetched.
    private static async Task<Stream?> OpenAnyAsync(ImageBlobs blobs, Layer layer, CancellationToken cancellationToken)
    {
        if (!layer.Origin.IsBase)
            return await layer.OpenCompressedAsync(cancellationToken);
        await blobs.EnsureAsync(layer, cancellationToken);
        return await blobs.OpenAsync(layer.Digest, cancellationToken);
    }
}
