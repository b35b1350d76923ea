using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>One <c>LambdaLayer</c> item, read and validated; what its Include leads to is not looked at yet.</summary>
internal sealed record LayerItem(ItemOrigin Origin, LayerKind Kind)
{
    /// <summary>Where relative paths start: the project's folder, absolute.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute folder in the image that receives the layer.</summary>
    public string TargetPath { get; init; } = "/opt";

    /// <summary>Absolute folder of an image layer that is taken.</summary>
    public string SourcePath { get; init; } = "/opt";

    /// <summary>What the source's bytes must hash to, where the item says so.</summary>
    public Digest? Sha256 { get; init; }

    /// <summary>The only platform that gets this layer (its Architecture metadata); null for all.</summary>
    public Platform? OnlyFor { get; init; }

    /// <summary>AWS region for an Include that names none.</summary>
    public string? Region { get; init; }

    /// <summary>AWS profile that has the credentials for this item.</summary>
    public string? Profile { get; init; }

    /// <summary>The command that fills the folder; null for a folder that is there already.</summary>
    public string? BuildCommand { get; init; }

    /// <summary>The files that <see cref="BuildCommand"/> reads, as the user wrote them; null for those of the folder.</summary>
    public string? BuildInputs { get; init; }

    /// <summary>Which files of a folder stay out (its ExcludeFiles metadata).</summary>
    public FilePatterns Exclude { get; init; } = FilePatterns.None;

    /// <summary>Global properties for a project (<c>A=1;B=2</c>), as for ProjectReference.</summary>
    public string? AdditionalProperties { get; init; }

    /// <summary>Absolute folder below which the build puts what it makes of items; null where nothing is built.</summary>
    public string? BuildDirectory { get; init; }

    /// <summary>Whether an image for <paramref name="platform"/> gets this layer.</summary>
    public bool IsFor(Platform platform) =>
        OnlyFor is null || OnlyFor.Accepts(platform);

    /// <summary>What to call it where it is no item of the user's but something that the engine adds.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The Include as the user wrote it.</summary>
    public string Include => Origin.Include;

    /// <summary>The file or folder that a local item names, absolute.</summary>
    public string FullPath => Path.GetFullPath(Path.Combine(ProjectDirectory, Include.Replace('\\', '/')));

    /// <summary>
    /// The Include without anything of this machine: what goes into image history, labels and the lock file.
    /// </summary>
    public string PortableName
    {
        get
        {
            if (DisplayName is not null)
                return DisplayName;
            if (Kind is not (LayerKind.Zip or LayerKind.Directory or LayerKind.Project))
                return Origin.DisplayName;
            var relative = Path.GetRelativePath(ProjectDirectory, FullPath).Replace('\\', '/').TrimEnd('/');
            return Path.IsPathRooted(relative) || relative.StartsWith("../..", StringComparison.Ordinal)
                ? Path.GetFileName(FullPath.TrimEnd('/', '\\'))
                : relative;
        }
    }
}
