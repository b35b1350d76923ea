using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>A task that works with the project's layers: the parameters that all of these share.</summary>
public abstract class EngineTask : LayersTask
{
    private const string DefaultLockFile = "lambda-layers.lock.json";

    /// <summary>The <c>LambdaLayer</c> items, in order; a later one wins.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary>Absolute folder of the project; relative Includes start there.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Path of the cache; empty for the user's cache folder.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>Absolute folder below which extension projects and BuildCommands put what they make.</summary>
    public string BuildDirectory { get; set; } = "";

    /// <summary>gzip level for packed layers, 1 to 9; empty for 6.</summary>
    public string Compression { get; set; } = "";

    /// <summary>Path of the lock file; empty for lambda-layers.lock.json beside the project.</summary>
    public string LockFile { get; set; } = "";

    /// <summary>Whether a change of the lock file is an error.</summary>
    public bool LockedMode { get; set; }

    /// <summary>Whether all that the lock file says is made anew and compared.</summary>
    public bool VerifyLocked { get; set; }

    /// <summary>Whether the network is forbidden.</summary>
    public bool Offline { get; set; }

    /// <summary>Profile with the AWS credentials; empty for the default credential chain.</summary>
    public string AwsProfile { get; set; } = "";

    /// <summary>AWS region for what names none; empty for the environment's or the profile's.</summary>
    public string AwsRegion { get; set; } = "";

    private protected EngineOptions ReadOptions() =>
        EngineSettings.Read(CacheDirectory, Compression, ProjectDirectory) with
        {
            LockFile = Path.GetFullPath(Path.Combine(ProjectDirectory, LockFile.Length == 0 ? DefaultLockFile : LockFile)),
            LockedMode = LockedMode,
            VerifyLocked = VerifyLocked,
            Offline = Offline,
            AwsProfile = AwsProfile.Length == 0 ? null : AwsProfile,
            AwsRegion = AwsRegion.Length == 0 ? null : Core.Aws.AwsRegion.Parse(AwsRegion, nameof(AwsRegion)),
        };

    private protected IReadOnlyList<LayerItem> ReadItems() => LayerItems.Parse(Layers, ProjectDirectory, BuildDirectory);

    private protected static IReadOnlyList<Platform> ReadPlatforms(IEnumerable<string> runtimeIdentifiers) =>
    [
        .. runtimeIdentifiers.Select(rid => Platform.TryFromRuntimeIdentifier(rid, out var platform)
            ? platform
            : throw HandOffErrors.UnknownRuntimeIdentifier(rid)).Distinct(),
    ];
}
