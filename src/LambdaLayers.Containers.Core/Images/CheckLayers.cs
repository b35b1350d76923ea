using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Layers against the image that they go into. It goes by recorded facts, so a layer from the cache or out of the lock
/// file is checked like one that was just packed.
/// </summary>
internal sealed class CheckLayers(FunctionRuntime? runtime, IEngineLog log)
{
    /// <summary>Throws LLC33xx for a layer that cannot work, warns of one that hardly can.</summary>
    public void Run(IReadOnlyList<Layer> layers, Platform platform)
    {
        foreach (var layer in layers)
        {
            CheckArchitectures(layer, platform);
            CheckMachines(layer, platform);
            CheckRuntimes(layer);
        }

        ExplainRegions(layers);
    }

    private static void CheckArchitectures(Layer layer, Platform platform)
    {
        var wanted = platform.LambdaArchitecture;
        if (layer.Origin.Architectures.Count > 0 && !layer.Origin.Architectures.Contains(wanted))
            throw ImageErrors.WrongArchitecture(layer.Origin.Architectures, platform.ToString()).For(layer.Origin.Item);
    }

    private void CheckMachines(Layer layer, Platform platform)
    {
        var wanted = platform.DotnetArchitecture;
        var other = NativeMachines.OtherThan(platform);
        var files = layer.Facts.NativeFiles;
        if (!files.TryGetValue(other, out var path))
            return;
        if (!files.ContainsKey(wanted))
            throw ImageErrors.WrongMachine(path, other, platform.ToString()).For(layer.Origin.Item);
        if (NativeMachines.IsVariant(path))
            log.Normal($"{layer.Origin.Name} holds files for {other} too, the first is {path}.");
        else
            log.Warning(ImageErrors.MixedMachines(path, other, platform.ToString()) with { Item = layer.Origin.Item });
    }

    private void CheckRuntimes(Layer layer)
    {
        if (runtime is not null && layer.Origin.Runtimes.Count > 0 && !layer.Origin.Runtimes.Any(runtime.IsMetBy))
            log.Warning(ImageErrors.OtherRuntimes(layer.Origin.Runtimes, runtime.Name) with { Item = layer.Origin.Item });
    }

    // People know that a zip function takes layers from its own region only, and so expect an error here.
    private void ExplainRegions(IReadOnlyList<Layer> layers)
    {
        var regions = layers
            .Select(l => LayerVersionArn.TryParse(l.Origin.Resolved, out var arn) ? arn.Region?.Name : null)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (regions.Count > 1)
            log.Normal($"The layers come from {string.Join(", ", regions)}. That is fine: their files are copied into the "
                + "image, so Lambda's rule that a function and its layers share a region does not bind it.");
    }
}
