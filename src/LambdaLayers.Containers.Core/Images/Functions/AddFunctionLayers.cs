using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// Puts between the user's layers and the application what a function's image needs: a <c>bootstrap</c> where AWS's entry
/// point looks for it, and the application's dependencies in a layer of their own.
/// </summary>
internal sealed class AddFunctionLayers(PackLayer packLayer, PackOptions defaults)
{
    // The entry script of AWS's images and the emulator start this file and no other: reference of LAMBDA_RUNTIME_DIR.
    private const string RuntimeDirectory = "/var/runtime";
    private const string Bootstrap = "bootstrap";
    private static readonly SortedDictionary<string, string> NoFiles = [];

    /// <summary><paramref name="layers"/> with the function's own on top.</summary>
    public async Task<IReadOnlyList<Layer>> RunAsync(
        FunctionSettings function, Image @base, IReadOnlyList<Layer> layers, CancellationToken cancellationToken)
    {
        List<Layer> all = [.. layers];
        if (BootstrapTarget(function, @base, layers) is { } target)
            all.Add(await PackBootstrapAsync(target, cancellationToken));
        if (function.Dependencies.Count > 0)
            all.Add(await PackDependenciesAsync(function, cancellationToken));
        return all;
    }

    /// <summary>
    /// What <c>/var/runtime/bootstrap</c> must be: the function's executable, or else a custom runtime that a layer brings.
    /// Null where the base has a bootstrap of its own, or starts without one.
    /// </summary>
    public static string? BootstrapTarget(FunctionSettings function, Image @base, IReadOnlyList<Layer> layers)
    {
        if (!AwsBaseImage.Is(@base.Config) || AwsBaseImage.HasDotnet(@base.Config) || function.HasOwnEntryPoint)
            return null;
        if (function.BringsRuntime)
            return $"{function.WorkingDirectory}/{function.AssemblyName}";
        return layers.Any(l => l.Facts.HasBootstrap) ? "/opt/bootstrap" : null;
    }

    private Task<Layer> PackBootstrapAsync(string target, CancellationToken cancellationToken) =>
        PackAsync("bootstrap", RuntimeDirectory, () => LinkTree(target), cancellationToken);

    private static LayerTree LinkTree(string target) =>
        new([new LayerEntry(Bootstrap, EntryKind.SymbolicLink) { LinkTarget = target }]);

    private async Task<Layer> PackDependenciesAsync(FunctionSettings function, CancellationToken cancellationToken)
    {
        var wanted = function.Dependencies.ToHashSet(StringComparer.Ordinal);
        var layer = await PackAsync("NuGet dependencies", function.WorkingDirectory,
            () =>
            {
                var published = DirectoryTree.Open(function.PublishDirectory);
                return published.With([.. published.Entries.Where(e => wanted.Contains(e.Path))]);
            },
            cancellationToken);
        // What is published for no certain platform holds native files for many; the host picks.
        return function.BringsRuntime
            ? layer
            : layer.WithFacts(layer.Facts with { NativeFiles = NoFiles });
    }

    private async Task<Layer> PackAsync(
        string name, string targetPath, Func<LayerTree> open, CancellationToken cancellationToken)
    {
        var item = new LayerItem(new ItemOrigin(name, null), LayerKind.Directory)
        {
            ProjectDirectory = "",
            DisplayName = name,
            TargetPath = targetPath,
        };
        using var tree = open();
        var identity = await TreeIdentity.OfAsync(tree, cancellationToken);
        var resolved = new ResolvedLayer(item, identity, _ => Task.FromResult(open())) { ResolvedName = name };
        // Not SOURCE_DATE_EPOCH, which is another one for each commit: the layer is to stay the same while the code changes.
        var options = defaults with { TargetPath = targetPath, DefaultTime = PackOptions.ZipEpoch };
        return await packLayer.RunAsync(resolved, options, cancellationToken);
    }
}
