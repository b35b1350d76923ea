using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Built;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers;

/// <summary>Finds out which BuildCommands have to run, and makes an empty output folder for each of those.</summary>
public sealed class PrepareLambdaLayerCommands : EngineTask
{
    /// <summary>What <see cref="PlanLambdaLayerBuilds.Commands"/> gave.</summary>
    [Required]
    public ITaskItem[] Commands { get; set; } = [];

    /// <summary>The files that BuildInputs name, wildcards expanded, with metadata Folder of the command they are for.</summary>
    public ITaskItem[] Inputs { get; set; } = [];

    /// <summary>
    /// The commands that have to run: the folder that each is built in, with metadata Command, OutputFolder, Architecture and Key.
    /// </summary>
    [Output]
    public ITaskItem[] Stale { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var stale = new List<ITaskItem>();
        foreach (var command in Commands)
        {
            var build = FindBuild(command.ItemSpec);
            if (await build.Item.Origin.AttributeAsync(() => PrepareAsync(build, cancellationToken)) is { } item)
                stale.Add(item);
        }

        Stale = [.. stale];
    }

    private async Task<TaskItem?> PrepareAsync(LayerBuild build, CancellationToken cancellationToken)
    {
        var inputs = Inputs
            .Where(i => i.GetMetadata("Folder") == build.Folder.Root)
            .Select(i => Path.GetFullPath(Path.Combine(ProjectDirectory, i.ItemSpec)))
            .ToList();
        var key = await BuildKey.OfAsync(build, inputs, cancellationToken);
        if (CommandOutput.IsUpToDate(build.Folder, key))
        {
            Log.LogMessage(MessageImportance.Low, "The output of '{0}' is up to date.", build.Item.Include);
            return null;
        }

        Log.LogMessage(MessageImportance.Normal, key is null
            ? "Building layer '{0}' for {1}. It has no BuildInputs, so its command runs every time."
            : "Building layer '{0}' for {1}.", build.Item.Include, build.Architecture);
        CommandOutput.Prepare(build.Folder);
        return Describe(build, key);
    }

    private static TaskItem Describe(LayerBuild build, Digest? key)
    {
        var output = build.Folder.Unfinished;
        return LiteralItems.Create(build.Folder.Root)
            .With("Command", BuildCommandLine.Fill(build.Item.BuildCommand!, OperatingSystem.IsWindows()))
            .With("OutputFolder", output)
            .With("Architecture", build.Architecture)
            .With("Key", key?.ToString() ?? "");
    }
}
