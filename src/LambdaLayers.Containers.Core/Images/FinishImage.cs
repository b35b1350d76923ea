using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Rootfs;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Makes of what the .NET SDK pushed to the staging registry the image that is published. The SDK's differs at every run:
/// three times of now in its config, and times and process ids in its application layer. The finished one is the virtual
/// base with the application packed under the rules of all layers, and the SDK's settings with fixed times: the same
/// inputs give the same digest on every machine.
/// </summary>
internal sealed class FinishImage(PackFunctionLayers packLayers, Content.ContentCache cache, DateTimeOffset sourceTime)
{
    // https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys; the SDK sets both.
    private static readonly string[] TimeLabels = ["org.opencontainers.image.created", "org.opencontainers.artifact.created"];

    /// <summary>The finished image, and what is known of its application.</summary>
    /// <param name="staging">Has the virtual bases and what the SDK pushed.</param>
    /// <param name="manifest">The image's manifest as the SDK's task gave it: nothing else that was pushed counts.</param>
    /// <param name="settings">What the project says of the image.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    public async Task<FinishedImage> RunAsync(
        StagingRegistry staging, ImageManifest manifest, FinishSettings settings, CancellationToken cancellationToken)
    {
        var config = await ReadConfigAsync(staging, manifest, cancellationToken);
        var @base = FindBase(staging, manifest, config);
        var blob = manifest.Layers[^1];
        var application = new Layer(blob, config.DiffIds[^1], new LayerOrigin("application"), token => OpenAsync(staging, blob, token));
        PublishedFile? dependencies = null;
        var layers = await packLayers.ApplicationAsync(
            OpenTreeAsync, settings.Function, sourceTime, config.LastCreatedBy, cancellationToken);
        return new FinishedImage(Compose(@base, layers, config, settings), [.. @base.AddedLayers], dependencies);

        async Task<LayerTree> OpenTreeAsync()
        {
            var tree = await ReadAsync(application, cancellationToken);
            dependencies = await FindDependenciesAsync(tree, cancellationToken);
            return tree;
        }
    }

    /// <summary>The finished image of a function that no .NET project makes.</summary>
    /// <param name="base">The virtual base.</param>
    /// <param name="run">How it is run.</param>
    /// <param name="settings">What the project says of the image; with a function that has <see cref="FunctionSettings.Task"/>.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    public async Task<FinishedImage> RunAsync(
        Image @base, RunSettings run, FinishSettings settings, CancellationToken cancellationToken)
    {
        var layers = await packLayers.TaskAsync(settings.Function!, @base.Platform, sourceTime, cancellationToken);
        var image = Compose(@base, layers, run.ApplyTo(@base.Config).WithLabels(settings.Labels), settings);
        return new FinishedImage(image, [.. @base.AddedLayers], DependencyFile: null);
    }

    private Image Compose(Image @base, IReadOnlyList<Layer> application, ImageConfig run, FinishSettings settings)
    {
        var image = @base.WithLayers(application, sourceTime);
        var config = ExecWrapper.Apply(settings.Function, @base.Config, run);
        return image.WithConfig(Settle(image.Config.WithSettingsOf(config, settings.Created ?? sourceTime), settings));
    }

    // The host takes the NAME.deps.json beside NAME.runtimeconfig.json; plug-ins in folders below may have their own.
    private static async Task<PublishedFile?> FindDependenciesAsync(LayerTree tree, CancellationToken cancellationToken)
    {
        const string Dependencies = ".deps.json";
        var files = tree.Entries.Where(entry => entry.Kind == EntryKind.File).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var found = files.Keys
            .Where(path => path.EndsWith(Dependencies, StringComparison.Ordinal)
                && files.ContainsKey(path[..^Dependencies.Length] + ".runtimeconfig.json"))
            .OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault();
        if (found is null)
            return null;
        await using var content = files[found].Open!();
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return new PublishedFile("/" + found, bytes.ToArray());
    }

    private ImageConfig Settle(ImageConfig config, FinishSettings settings)
    {
        var time = (settings.Created ?? sourceTime).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        // Inner builds of a multi-RID publish get labels and variables cut at a colon.
        var whole = settings.Labels.Where(label => config.Labels.ContainsKey(label.Key) && !TimeLabels.Contains(label.Key))
            .Concat(TimeLabels.Where(config.Labels.ContainsKey).Select(name => KeyValuePair.Create(name, time)))
            .ToList();
        config = config.WithLabels(whole).WithEnvironment(settings.Environment);
        // The SDK wants a trailing slash, AWS's own images have none.
        return config.WorkingDirectory is { Length: > 1 } folder && folder.EndsWith('/')
            ? config.WithWorkingDirectory(folder.TrimEnd('/'))
            : config;
    }

    private async Task<LayerTree> ReadAsync(Layer application, CancellationToken cancellationToken)
    {
        var blob = new ImageLayerBlob(application.Descriptor, application.DiffId, application.OpenCompressedAsync);
        var content = await new ReadImage(Limits.Default).RunAsync([blob], reusePath: null, cancellationToken);
        var tree = await content.OpenTreeAsync("/", cache, cancellationToken);
        // Modes by content: those of the published files are another matter on Windows, and under another umask. Times are
        // those of the build.
        return tree.With([.. tree.Entries.Select(entry => entry with { Mode = null, Modified = null })]);
    }

    private static async Task<ImageConfig> ReadConfigAsync(
        StagingRegistry staging, ImageManifest manifest, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(staging, manifest.Config, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        try
        {
            var config = ImageConfig.Parse(bytes.ToArray());
            return config.DiffIds.Count == manifest.Layers.Count
                ? config
                : throw new FormatException($"it has {manifest.Layers.Count} layers, and its config {config.DiffIds.Count}");
        }
        catch (FormatException e)
        {
            throw ImageErrors.BadManifest(e.Message);
        }
    }

    // By the layers, and by what it runs on: bases of two architectures may have the same layers, an empty base has none.
    private static Image FindBase(StagingRegistry staging, ImageManifest manifest, ImageConfig config)
    {
        var below = manifest.Layers.SkipLast(1).Select(layer => layer.Digest).ToList();
        return staging.Base.Images.FirstOrDefault(image => image.Platform.Architecture == config.Platform?.Architecture
                && image.Layers.Select(layer => layer.Digest).SequenceEqual(below))
            ?? throw ImageErrors.NotOnTheBase(manifest.Digest);
    }

    // A staging registry keeps only what has the digest that it came under. But its files lie where every process of this user
    // can write, and what is in them is published: it is looked at once more.
    private static async Task<Stream> OpenAsync(StagingRegistry staging, Descriptor blob, CancellationToken cancellationToken)
    {
        var stream = staging.Uploads.Size(blob.Digest) == blob.Size ? staging.Uploads.Open(blob.Digest) : null;
        if (stream is null)
            throw ImageErrors.NothingPushed(blob.Digest);
        if (await Digest.OfAsync(stream, cancellationToken) == blob.Digest)
        {
            stream.Position = 0;
            return stream;
        }

        await stream.DisposeAsync();
        throw ImageErrors.NothingPushed(blob.Digest);
    }
}

/// <summary>An image that is ready to be published.</summary>
/// <param name="Image">The image.</param>
/// <param name="ItemLayers">Its Lambda layers, bottom first.</param>
/// <param name="DependencyFile">The application's <c>.deps.json</c>; null where there is none, as for Native AOT.</param>
internal sealed record FinishedImage(Image Image, IReadOnlyList<Layer> ItemLayers, PublishedFile? DependencyFile);

/// <summary>A file of the application.</summary>
/// <param name="Name">Its path in the image.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PublishedFile(string Name, ReadOnlyMemory<byte> Content);

/// <summary>What the project says of a finished image beyond what the SDK puts into its config.</summary>
internal sealed record FinishSettings
{
    /// <summary>The Lambda function that the image is for; null for any other image.</summary>
    public FunctionSettings? Function { get; init; }

    /// <summary>The time that the image says it was made at; null for SOURCE_DATE_EPOCH or the documented constant.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The labels as the project gives them.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>The variables as the project gives them.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Environment { get; init; } = [];
}
