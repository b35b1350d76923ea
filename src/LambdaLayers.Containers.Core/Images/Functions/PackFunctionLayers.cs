using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// The image layers that no item asks for: a <c>bootstrap</c> where AWS's entry point looks for it, the application, and
/// below it the application's packages in a layer that stays the same while the code changes.
/// </summary>
internal sealed class PackFunctionLayers(PackLayer packLayer, PackTemporary packTemporary, PackOptions defaults)
{
    // The entry script of AWS's images and the emulator start this file and no other: reference of LAMBDA_RUNTIME_DIR.
    private const string RuntimeDirectory = "/var/runtime";
    private const string Bootstrap = "bootstrap";
    private static readonly SortedDictionary<string, string> NoFiles = [];

    /// <summary>
    /// <paramref name="layers"/>, with a bootstrap on top where the base needs one, and the scripts that its wrappers need.
    /// </summary>
    public async Task<IReadOnlyList<Layer>> WithBootstrapAsync(
        FunctionSettings function, Image @base, IReadOnlyList<Layer> layers, CancellationToken cancellationToken)
    {
        var all = layers.ToList();
        if (BootstrapTarget(function, @base, layers) is { } target)
        {
            var bootstrap = function.ExecWrappers.Count > 0
                ? ExecWrapper.Bootstrap(Bootstrap, target)
                : new LayerEntry(Bootstrap, EntryKind.SymbolicLink) { LinkTarget = target };
            all.Add(await PackAsync("bootstrap", RuntimeDirectory, () => new LayerTree([bootstrap]), cancellationToken));
        }

        var scripts = ExecWrapper.Scripts(function, @base.Config);
        if (scripts.Count > 0)
        {
            all.Add(await PackAsync(
                "LambdaExecWrapper", ExecWrapper.Folder, () => new LayerTree(scripts), cancellationToken));
        }

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
        // A language's base has a bootstrap of its own.
        if (function is { Task: not null, Runtime.IsProvided: false })
            return null;
        if (function.BringsRuntime)
            return $"{function.WorkingDirectory}/{function.AssemblyName}";
        return layers.Any(l => l.Facts.HasBootstrap) ? "/opt/bootstrap" : null;
    }

    /// <summary>The application in one layer, or in two where it has packages and is to be split.</summary>
    /// <param name="openAsync">Opens the application's files, with paths from the image's root.</param>
    /// <param name="function">What the project says; null for an image that is no function.</param>
    /// <param name="time">Modification time of the application's files.</param>
    /// <param name="createdBy">What made the application's layer, for the history.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    public async Task<IReadOnlyList<Layer>> ApplicationAsync(
        Func<Task<LayerTree>> openAsync, FunctionSettings? function, DateTimeOffset time, string? createdBy,
        CancellationToken cancellationToken)
    {
        using var tree = await openAsync();
        var dependencies = function is { SplitDependencies: true }
            ? PublishedDependencies.Find(tree, function.WorkingDirectory, function.AssemblyName)
            : new HashSet<string>();
        var layers = new List<Layer>();
        if (dependencies.Count > 0)
        {
            var below = await PackAsync(
                "NuGet dependencies", "/", () => Part(tree, dependencies.Contains), cancellationToken);
            // What is published for no certain platform holds native files for many; the host picks.
            layers.Add(function!.BringsRuntime ? below : below.WithFacts(below.Facts with { NativeFiles = NoFiles }));
        }

        using var own = Part(tree, path => !dependencies.Contains(path));
        layers.Add(await packTemporary.RunAsync(
            own, new LayerOrigin("application") { CreatedBy = createdBy }, defaults with { TargetPath = "/", DefaultTime = time },
            cancellationToken));
        return layers;
    }

    /// <summary>What no .NET project made: the command's output below, the folder's files on top.</summary>
    /// <param name="function">Has <see cref="FunctionSettings.Task"/>.</param>
    /// <param name="platform">Whose output of the command is taken.</param>
    /// <param name="time">Modification time of the folder's files.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    public async Task<IReadOnlyList<Layer>> TaskAsync(
        FunctionSettings function, Platform platform, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var task = function.Task!;
        var layers = new List<Layer>();
        if (task.Build is { } build)
        {
            layers.Add(await build.Origin.AttributeAsync(() => PackAsync(
                "LambdaTaskBuildCommand", function.WorkingDirectory, () => task.OpenBuilt(platform)!, cancellationToken)));
        }

        if (task.Directory is not null)
        {
            const string Name = "LambdaTaskDirectory";
            var item = new ItemOrigin(Name) { Property = Name };
            var origin = new LayerOrigin(Name) { Item = item, Resolved = Name, TargetPath = function.WorkingDirectory };
            // The function's own code, as an application is.
            layers.Add(await item.AttributeAsync(async () =>
            {
                using var tree = task.OpenFolder()!;
                return await packTemporary.RunAsync(
                    tree, origin, defaults with { TargetPath = function.WorkingDirectory, DefaultTime = time }, cancellationToken);
            }));
        }

        return layers;
    }

    // Folders that would be left empty stay out; the others are made for what is in them. The tree stays open meanwhile.
    private static LayerTree Part(LayerTree tree, Func<string, bool> keep)
    {
        var kept = tree.Entries.Where(entry => entry.Kind != EntryKind.Directory && keep(entry.Path)).ToList();
        return new LayerTree(kept);
    }

    private async Task<Layer> PackAsync(
        string name, string targetPath, Func<LayerTree> open, CancellationToken cancellationToken)
    {
        // What a property asked for is called by its name.
        var origin = new ItemOrigin(name) { Property = name.StartsWith("Lambda", StringComparison.Ordinal) ? name : null };
        var item = new LayerItem(origin, LayerKind.Directory)
        {
            ProjectDirectory = "",
            DisplayName = name,
            TargetPath = targetPath,
        };
        using var tree = open();
        var identity = await TreeIdentity.OfAsync(tree, cancellationToken);
        var resolved = new ResolvedLayer(item, identity, _ => Task.FromResult(open())) { ResolvedName = name };
        return await packLayer.RunAsync(
            resolved, defaults with { TargetPath = targetPath, DefaultTime = PackOptions.ZipEpoch }, cancellationToken);
    }
}
