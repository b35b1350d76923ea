using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>The way from items to virtual base images, in order: resolve, pack, check, compose.</summary>
internal sealed class BuildVirtualBase(
    ImagePuller puller, PinBaseImage pin, PrepareLayers prepareLayers, AddFunctionLayers addFunctionLayers)
{
    /// <summary>One composed image for each platform, in their order.</summary>
    public async Task<IReadOnlyList<ComposedImage>> RunAsync(
        VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        var bases = await PullOrListGapsAsync(request, cancellationToken);
        var images = new List<ComposedImage>(bases.Count);
        foreach (var @base in bases)
        {
            var layers = await prepareLayers.RunAsync(request.Items, @base.Platform, cancellationToken);
            if (request.Function is { } function)
            {
                FunctionPreflight.Check(function, @base, request.Base?.ToString() ?? BaseImage.ScratchName, layers);
                layers = await addFunctionLayers.RunAsync(function, @base, layers, cancellationToken);
            }

            var environment = request.Base is null && request.Function is null
                ? new Dictionary<string, string>() // an image of files only
                : LayerEnvironment.For(@base.Config, @base.Platform, layers);
            images.Add(ComposeImage.Run(@base, layers, Labels(request, @base, layers), environment));
        }

        return images;
    }

    private static Dictionary<string, string> Labels(
        VirtualBaseRequest request, BaseImage @base, IReadOnlyList<Layer> layers)
    {
        var labels = new Dictionary<string, string>();
        if (request.LabelBaseDigest && @base.PinnedDigest is { } digest)
            labels[BaseDigestLabel.Name] = digest.ToString();
        if (layers.Count > 0)
            labels[LayersLabel.Name] = LayersLabel.Value(layers);
        return labels;
    }

    // An offline build that lacks the base tells in the same message which layers it lacks.
    private async Task<IReadOnlyList<BaseImage>> PullOrListGapsAsync(
        VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<BaseImage> bases = [];
        var gaps = new OfflineGaps();
        if (!await gaps.TryAsync(async () => bases = await PullAsync(request, cancellationToken)))
        {
            foreach (var platform in request.Platforms)
                await gaps.TryAsync(() => prepareLayers.RunAsync(request.Items, platform, cancellationToken));
            gaps.ThrowIfAny();
        }

        return bases;
    }

    // The SDK turns the manifest into the format that the user asks for, but leaves the base's layers as they are typed;
    // readers refuse such a mixture.
    private static BaseImage Retyped(BaseImage @base, VirtualBaseRequest request) =>
        request.Family is { } family ? @base with { Manifest = @base.Manifest.In(family) } : @base;

    private async Task<IReadOnlyList<BaseImage>> PullAsync(
        VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Base is null)
            return [.. request.Platforms.Select(platform => Retyped(BaseImage.Scratch(platform), request))];
        if (request.Platforms.FirstOrDefault(p => p.Os != "linux") is { } other)
            throw HandOffErrors.NotLinux(other.ToString());
        var reference = request.LockBase ? pin.Apply(request.Base) : request.Base;
        var images = await puller.PullAsync(reference, request.Platforms, cancellationToken);
        if (request.LockBase)
            pin.Record(request.Base, images);
        return [.. images.Select(image => Retyped(BaseImage.From(image), request))];
    }
}
