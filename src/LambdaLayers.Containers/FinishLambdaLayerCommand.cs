using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Built;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Takes over what a BuildCommand made, or tells how it failed.</summary>
public sealed class FinishLambdaLayerCommand : EngineTask
{
    // How much of a failed command's output is shown above its error; a detailed log has all of it.
    private const int LastLines = 20;

    /// <summary>The folder that the command was run for.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Its Key, empty when it has none.</summary>
    public string Key { get; set; } = "";

    /// <summary>How the command ended.</summary>
    public int ExitCode { get; set; }

    /// <summary>What it printed, line by line.</summary>
    public string[] Printed { get; set; } = [];

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var build = FindBuild(Folder);
        foreach (var line in ExitCode == 0 ? [] : Printed.TakeLast(LastLines))
            Log.LogMessage(MessageImportance.High, "  {0}", line);
        var key = Key.Length == 0 ? null : Digest.Parse(Key);
        build.Item.Origin.Attribute(() => CommandOutput.Finish(build.Folder, key, ExitCode, Printed));
        return Task.CompletedTask;
    }
}
