using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>The way from items to virtual base images, in order: resolve, pack, check, compose.</summary>
internal sealed class BuildVirtualBase(
    ImagePuller puller, PinBaseImage pin, PrepareLayers prepareLayers, PackFunctionLayers packFunctionLayers)
{
    /// <summary>One composed image for each platform, in their order.</summary>
    public async Task<IReadOnlyList<Image>> RunAsync(
        VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        var images = new List<Image>(request.Platforms.Count);
        foreach (var (@base, prepared) in await PullAndPrepareAsync(request, cancellationToken))
        {
            var layers = prepared;
            if (request.Function is { } function)
            {
                FunctionPreflight.Check(function, @base, request.Base?.ToString() ?? Image.ScratchName, layers);
                layers = await packFunctionLayers.WithBootstrapAsync(function, @base, layers, cancellationToken);
            }

            var environment = request.Base is null && request.Function is null
                ? new Dictionary<string, string>() // an image of files only
                : LayerEnvironment.For(@base.Config, @base.Platform, layers, request.Function?.ExecWrappers ?? []);
            var image = @base.WithLayers(layers, PackOptions.ZipEpoch);
            images.Add(image.WithConfig(
                image.Config.WithLabels(Labels(request, @base, layers)).WithEnvironment(environment)));
        }

        return images;
    }

    private static Dictionary<string, string> Labels(
        VirtualBaseRequest request, Image @base, IReadOnlyList<Layer> layers)
    {
        var labels = new Dictionary<string, string>();
        if (request.LabelBaseDigest && @base.PinnedDigest is { } digest)
            labels[BaseDigestLabel.Name] = digest.ToString();
        if (layers.Count > 0)
            labels[LayersLabel.Name] = LayersLabel.Value(layers);
        return labels;
    }

    // Both mostly wait for the network, so neither waits for the other; which fails first stops the other. An offline build tells
    // in one message what it lacks of both.
    private async Task<IEnumerable<(Image Base, IReadOnlyList<Layer> Layers)>> PullAndPrepareAsync(
        VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var gaps = new OfflineGaps();
        IReadOnlyList<Image> bases = [];
        var layers = new List<IReadOnlyList<Layer>>(request.Platforms.Count);
        Task[] both = [gaps.TryAsync(async () => bases = await PullAsync(request, stop.Token)), PrepareAsync()];
        var first = await Task.WhenAny(both);
        if (!first.IsCompletedSuccessfully)
        {
            await stop.CancelAsync();
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        }

        await Task.WhenAll(both);
        gaps.ThrowIfAny();
        return bases.Zip(layers);

        async Task PrepareAsync()
        {
            prepareLayers.Learn(await request.Ahead.WaitAsync(stop.Token));
            foreach (var platform in request.Platforms)
            {
                await gaps.TryAsync(
                    async () => layers.Add(await prepareLayers.RunAsync(request.Items, platform, stop.Token)));
            }
        }
    }

    // The SDK turns the manifest into the format that the user asks for, but leaves the base's layers as they are typed;
    // readers refuse such a mixture.
    private static Image Retyped(Image @base, VirtualBaseRequest request) =>
        request.Family is { } family ? @base.In(family) : @base;

    private async Task<IReadOnlyList<Image>> PullAsync(
        VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Base is null)
            return [.. request.Platforms.Select(platform => Retyped(Image.Empty(platform), request))];
        if (request.Platforms.FirstOrDefault(p => p.Os != "linux") is { } other)
            throw ImageErrors.NotLinux(other.ToString());
        var reference = request.LockBase ? pin.Apply(request.Base) : request.Base;
        var images = await puller.PullAsync(reference, request.Platforms, cancellationToken);
        if (request.LockBase)
            pin.Record(request.Base, images);
        return [.. images.Select(image => Retyped(image, request))];
    }
}

/// <summary>What a virtual base image is made of.</summary>
/// <param name="Base">The real base image; null for scratch.</param>
/// <param name="Platforms">One for an image, several for an index.</param>
/// <param name="Items">The layers, in the order of the items: a later one wins.</param>
internal sealed record VirtualBaseRequest(
    ImageReference? Base, IReadOnlyList<Platform> Platforms, IReadOnlyList<LayerItem> Items)
{
    /// <summary>Whether the image says in a label which digest its true base has.</summary>
    public bool LabelBaseDigest { get; init; } = true;

    /// <summary>Whether the lock file pins the base image too (LambdaLayersLockBaseImage).</summary>
    public bool LockBase { get; init; }

    /// <summary>The media types to use; null for those of the base image.</summary>
    public ManifestFamily? Family { get; init; }

    /// <summary>The function's Lambda runtime, which its layers should be for; null when unknown.</summary>
    public FunctionRuntime? Runtime { get; init; }

    /// <summary>Whether the SDK loads the image into a local daemon, which takes every byte.</summary>
    public bool IsForDaemon { get; init; }

    /// <summary>Ends when the cache has what this build fetches ahead; the layers wait for it.</summary>
    public Task<PrefetchedLayers> Ahead { get; init; } = Task.FromResult(PrefetchedLayers.None);

    /// <summary>The Lambda function that the image is for; null for any other image.</summary>
    public FunctionSettings? Function { get; init; }
}
