using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Ends a publish with a summary for people: base, layers, where the image went.</summary>
public sealed class ReportLambdaImage : LayersTask
{
    /// <summary>What <see cref="ServeLambdaBaseImage"/> gave as <c>PreparedLayers</c>.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary>The real base image as the user or the SDK named it.</summary>
    [Required]
    public string BaseImage { get; set; } = "";

    /// <summary>Digest of the real base image; empty for scratch.</summary>
    public string BaseDigest { get; set; } = "";

    /// <summary>Registry that the image was pushed to; empty for a daemon or an archive.</summary>
    public string Registry { get; set; } = "";

    /// <summary>The image's repository.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>The image's tags.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>Archive that the image was written to; empty for a registry or a daemon.</summary>
    public string ArchivePath { get; set; } = "";

    /// <summary>Manifest digest of the new image; empty when there are several.</summary>
    public string ImageDigest { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var line in ImageSummary.Lines(this))
            Log.LogMessage(MessageImportance.High, "{0}", line);
        return Task.CompletedTask;
    }
}
