using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Verification;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>A task that calls the engine. What the project says of itself comes as one list, whatever the task.</summary>
public abstract class EngineTask : LayersTask
{
    private const string DefaultLockFile = "lambda-layers.lock.json";

    /// <summary>
    /// The package's properties (<c>LambdaLayers…</c>, <c>Aws…</c>, <c>Ecr…</c>, <c>Lambda…</c>) and MSBuildProjectDirectory, as
    /// items of their names with metadata Value; one that is missing is not set.
    /// </summary>
    [Required]
    public ITaskItem[] Settings { get; set; } = [];

    /// <summary>The <c>LambdaLayer</c> items, in order; a later one wins.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary>Runtime identifiers that images are made for: one, or several for an index.</summary>
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>Absolute folder of the project; relative paths start there.</summary>
    private protected string ProjectDirectory => Property("MSBuildProjectDirectory");

    /// <summary>The value of a property; empty when it is not set.</summary>
    private protected string Property(string name) => Settings
        .LastOrDefault(x => x.ItemSpec.Equals(name, StringComparison.OrdinalIgnoreCase))?.GetMetadata("Value") ?? "";

    private protected EngineOptions ReadOptions()
    {
        var cache = Property("LambdaLayersCacheDirectory");
        var lockFile = Property("LambdaLayersLockFile");
        return new EngineOptions(
            cache.Length == 0 ? CachePaths.DefaultRoot(Environment.GetEnvironmentVariable) : Path.GetFullPath(cache, ProjectDirectory),
            Environment.GetEnvironmentVariable)
        {
            VerifiedBlobs = VerifiedInBuild(),
            Compression = Compression.Parse(Property("LambdaLayersCompression").Trim()),
            LockFile = Path.GetFullPath(lockFile.Length == 0 ? DefaultLockFile : lockFile, ProjectDirectory),
            LockedMode = PropertyValues.Flag(Property, "LambdaLayersLockedMode") ?? false,
            VerifyLocked = PropertyValues.Flag(Property, "LambdaLayersVerifyLocked") ?? false,
            Offline = PropertyValues.Flag(Property, "LambdaLayersOffline") ?? false,
            AwsProfile = PropertyValues.Text(Property, "AwsProfile"),
            Verification = ReadVerification(),
            AwsRegion = PropertyValues.Text(Property, "AwsRegion") is { } region ? Core.Aws.AwsRegion.Parse(region, "AwsRegion") : null,
        };
    }

    // What one task of the build has hashed, no other has to. A second version of the package in the build has a type of its own.
    private VerifiedBlobs VerifiedInBuild()
    {
        const string Key = "LambdaLayers.Containers/verified";
        const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;
        if (BuildEngine4.GetRegisteredTaskObject(Key, Lifetime) is VerifiedBlobs verified)
            return verified;
        verified = new VerifiedBlobs();
        BuildEngine4.RegisterTaskObject(Key, verified, Lifetime, allowEarlyCollection: false);
        return verified;
    }

    private VerificationOptions ReadVerification()
    {
        var report = PropertyValues.Text(Property, "LambdaVerifyReport");
        return new VerificationOptions
        {
            Enabled = PropertyValues.Flag(Property, "LambdaVerify") ?? true,
            AsWarning = VerificationOptions.ReadCodes(
                "LambdaVerifyAsWarning", PropertyValues.List(Property, "LambdaVerifyAsWarning") ?? []),
            Allowed = [.. (PropertyValues.List(Property, "LambdaVerifyAllow") ?? []).Select(AllowedFile.Parse)],
            ReportPath = report is null ? null : Path.GetFullPath(report, ProjectDirectory),
        };
    }

    /// <summary>Reads the items in their order; the first that cannot be meant throws, attributed to it.</summary>
    private protected IReadOnlyList<LayerItem> ReadItems() => [.. Layers.Select(ReadItem)];

    /// <summary>Reads one item; throws, attributed to it, when it cannot be meant.</summary>
    private protected LayerItem ReadItem(ITaskItem item) => LayerItemParser.Parse(
        OriginOf(item), ProjectDirectory, item.GetMetadata, PropertyValues.Text(Property, "LambdaLayersBuildDirectory"));

    // The evaluated spelling: MSBuild escapes some characters of ItemSpec only inside. An item that the targets make of a property
    // says so; the file that defines it is the package's.
    private static ItemOrigin OriginOf(ITaskItem item) => item.GetMetadata("OfProperty") is { Length: > 0 } property
        ? new ItemOrigin(item.ItemSpec, item.GetMetadata("OfFile")) { Property = property }
        : new ItemOrigin(item.ItemSpec, item.GetMetadata("DefiningProjectFullPath"));

    private protected IReadOnlyList<Platform> ReadPlatforms() =>
        [.. RuntimeIdentifiers.Select(Platform.OfRuntimeIdentifier).Distinct()];

    /// <summary>LambdaExecWrapper.</summary>
    private protected IReadOnlyList<string> ReadExecWrappers() => ExecWrapper.Parse(Property("LambdaExecWrapper"));

    /// <summary>ContainerImageFormat as the SDK reads it, which reports other values itself; null for the base image's.</summary>
    private protected static ManifestFamily? ReadFamily(string format) =>
        Enum.TryParse<ManifestFamily>(format, ignoreCase: true, out var family) && Enum.IsDefined(family) ? family : null;

    /// <summary>What has to be built before the layers can be packed, each thing once for each architecture.</summary>
    private protected IReadOnlyList<LayerBuild> PlanBuilds() => PlanLayerBuilds.Run(ReadItems(), RuntimeIdentifiers);

    /// <summary>The build that is made in <paramref name="folder"/>.</summary>
    private protected LayerBuild FindBuild(string folder) => PlanBuilds().Single(b => b.Folder.Root == folder);
}
