using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing.Folders;
using LambdaLayers.Containers.Logging;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Publishes the image of a function that is a folder (<c>LambdaTaskDirectory</c>, <c>LambdaTaskBuildCommand</c>), in whatever
/// language. The SDK has no part in it: there is nothing to compile.
/// </summary>
public sealed class PublishLambdaTaskImage : PublishTask
{
    /// <summary><c>ContainerBaseImage</c> as the user set it; <c>scratch</c> is an empty base from memory.</summary>
    [Required]
    public string BaseImage { get; set; } = "";

    /// <summary>Registry of the base image (<c>ContainerBaseRegistry</c>).</summary>
    public string BaseRegistry { get; set; } = "";

    /// <summary>Repository of the base image (<c>ContainerBaseName</c>).</summary>
    public string BaseName { get; set; } = "";

    /// <summary>Tag of the base image (<c>ContainerBaseTag</c>).</summary>
    public string BaseTag { get; set; } = "";

    /// <summary>Digest of the base image, where the user pinned it (<c>ContainerBaseDigest</c>).</summary>
    public string BaseDigest { get; set; } = "";

    /// <summary><c>OCI</c> or <c>Docker</c> (<c>ContainerImageFormat</c>); empty for the format of the base image.</summary>
    public string ImageFormat { get; set; } = "";

    /// <summary>Whether the image is to name its base's digest in a label.</summary>
    public bool LabelBaseDigest { get; set; } = true;

    /// <summary>The LambdaTaskBuildCommand as an item with metadata BuildCommand and BuildInputs; empty for none.</summary>
    public ITaskItem[] Build { get; set; } = [];

    /// <summary>The image's ENTRYPOINT (<c>ContainerEntrypoint</c>); empty for the base image's.</summary>
    public string[] EntryPoint { get; set; } = [];

    /// <summary>The image's CMD (<c>ContainerDefaultArgs</c>).</summary>
    public string[] Command { get; set; } = [];

    /// <summary><c>ContainerWorkingDirectory</c>.</summary>
    public string WorkingDirectory { get; set; } = "";

    /// <summary><c>ContainerUser</c>.</summary>
    public string User { get; set; } = "";

    /// <summary><c>ContainerPort</c> items with metadata Type.</summary>
    public ITaskItem[] Ports { get; set; } = [];

    /// <summary><c>ContainerLabel</c> items with metadata Value.</summary>
    public ITaskItem[] Labels { get; set; } = [];

    /// <summary><c>ContainerEnvironmentVariable</c> items with metadata Value.</summary>
    public ITaskItem[] EnvironmentVariables { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var reference = BaseImage == Image.ScratchName ? null : ImageReference.Create(BaseRegistry, BaseName, BaseTag, BaseDigest);
        var platforms = ReadPlatforms();
        var function = ReadFunction(reference, platforms[0]);
        var request = new VirtualBaseRequest(reference, platforms, ReadItems())
        {
            LabelBaseDigest = LabelBaseDigest,
            LockBase = PropertyValues.Flag(Property, "LambdaLayersLockBaseImage") ?? false,
            Family = ReadFamily(ImageFormat),
            Runtime = function.Runtime,
            Function = function,
        };
        using var engine = new Engine(
            ReadOptions() with { Registries = RemoteItems.RegistriesOf(reference, request.Items) }, new TaskEngineLog(this));
        var run = new RunSettings
        {
            EntryPoint = EntryPoint,
            Command = function.Command,
            WorkingDirectory = function.WorkingDirectory,
            User = User,
            Ports = [.. Ports.Select(port => $"{port.ItemSpec}/{(port.GetMetadata("Type") is { Length: > 0 } type ? type : "tcp")}")],
        };
        var settings = new FinishSettings
        {
            Function = function,
            Created = ReadCreated(),
            Labels = TaskItems.Pairs(Labels),
            Environment = TaskItems.Pairs(EnvironmentVariables),
        };
        var destination = ReadDestination();
        var published = await engine.PublishTaskImageAsync(request, run, settings, destination, ReadSbom(destination), cancellationToken);
        await FinishAsync(
            new ImageSummary(BaseImage, published.Images[0].PinnedDigest?.ToString() ?? "") { ExecWrappers = function.ExecWrappers },
            published, destination, cancellationToken);
    }

    private FunctionSettings ReadFunction(ImageReference? reference, Platform platform)
    {
        var files = new TaskFiles
        {
            Directory = PropertyValues.Text(Property, "LambdaTaskDirectory") is { } folder
                ? Path.GetFullPath(folder.Replace('\\', '/'), ProjectDirectory)
                : null,
            Build = Build.Select(ReadItem).FirstOrDefault(),
            Exclude = FilePatterns.Parse(Property("LambdaTaskExclude")),
        };
        var bringsRuntime = files.Has(TaskFiles.Bootstrap, platform);
        return new FunctionSettings(TaskFiles.Bootstrap)
        {
            Task = files,
            Runtime = PropertyValues.Text(Property, "LambdaRuntime") is { } runtime
                ? FunctionRuntime.Parse(runtime)
                : FunctionRuntime.OfBaseImage(reference),
            BringsRuntime = bringsRuntime,
            // AWS's entry point wants one argument; a program of one's own may have no use for it.
            Command = Command is [] && bringsRuntime && EntryPoint is [] ? [TaskFiles.Bootstrap] : Command,
            ExecWrappers = ReadExecWrappers(),
            HasOwnEntryPoint = EntryPoint.Length > 0,
            WorkingDirectory = WorkingDirectory.Length > 1 ? WorkingDirectory.TrimEnd('/') : "/var/task",
        };
    }
}
