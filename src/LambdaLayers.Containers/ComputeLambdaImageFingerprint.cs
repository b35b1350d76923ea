using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Hashes what an image will be made of, so that a deployment can tell a new app from the old one published again.
/// </summary>
public sealed class ComputeLambdaImageFingerprint : LayersTask
{
    /// <summary><c>ContainerBaseRegistry</c> as the SDK will use it.</summary>
    public string BaseRegistry { get; set; } = "";

    /// <summary><c>ContainerBaseName</c>.</summary>
    [Required]
    public string BaseName { get; set; } = "";

    /// <summary><c>ContainerBaseTag</c>.</summary>
    public string BaseTag { get; set; } = "";

    /// <summary><c>ContainerBaseDigest</c>.</summary>
    public string BaseDigest { get; set; } = "";

    /// <summary>The image's runtime identifier.</summary>
    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Absolute folder of the app's files.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>Entry point, command, variables, user and the like; the order counts.</summary>
    public string[] Settings { get; set; } = [];

    /// <summary><c>ContainerLabel</c> items.</summary>
    public ITaskItem[] Labels { get; set; } = [];

    /// <summary>More labels as <c>name:value</c>: that is how the SDK hands them to inner builds.</summary>
    public string[] InheritedLabels { get; set; } = [];

    /// <summary><c>AwsRegion</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary><c>AwsProfile</c>.</summary>
    public string Profile { get; set; } = "";

    /// <summary>The image's label.</summary>
    [Output]
    public string Label { get; set; } = ImageFingerprint.Label;

    /// <summary>The label's value.</summary>
    [Output]
    public string Fingerprint { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!Platform.TryFromRuntimeIdentifier(RuntimeIdentifier, out var platform))
            throw HandOffErrors.UnknownRuntimeIdentifier(RuntimeIdentifier);
        var options = DeploymentOptions.Read(Region, Profile, Environment.GetEnvironmentVariable);
        using var engine = new DeploymentEngine(options, new TaskEngineLog(Log));
        var reference = ImageReference.Create(BaseRegistry, BaseName, BaseTag, BaseDigest);
        var image = await new ImagePuller(engine.Registry).PullAsync(reference, platform, cancellationToken);
        var labels = Labels.Select(x => KeyValuePair.Create(x.ItemSpec, x.GetMetadata("Value")))
            .Concat(InheritedLabels.Select(Split));
        Fingerprint = await ImageFingerprint.ComputeAsync(
            image.Manifest.Digest.ToString(), PublishDirectory, Settings, labels, cancellationToken);
    }

    private static KeyValuePair<string, string> Split(string label)
    {
        var colon = label.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? KeyValuePair.Create(label, "") : KeyValuePair.Create(label[..colon], label[(colon + 1)..]);
    }
}
