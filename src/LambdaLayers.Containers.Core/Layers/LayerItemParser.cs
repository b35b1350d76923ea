using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Reads items: decides the kind from one table, validates the metadata that the kind takes.</summary>
internal static class LayerItemParser
{
    private static readonly string[] ProjectExtensions = [".csproj", ".fsproj", ".vbproj"];

    // The forms of an Include, most telling first.
    private static readonly (LayerKind Kind, Func<string, string, bool> Fits)[] Forms =
    [
        (LayerKind.Arn, (include, _) => include.StartsWith("arn:", StringComparison.Ordinal)),
        (LayerKind.Url, (include, _) => include.StartsWith("https://", StringComparison.OrdinalIgnoreCase)),
        // Refused at the download, with the advice to use https, unless it leads to this machine itself.
        (LayerKind.Url, (include, _) => include.StartsWith("http://", StringComparison.OrdinalIgnoreCase)),
        (LayerKind.Image, (include, _) => include.StartsWith("docker://", StringComparison.Ordinal)),
        (LayerKind.Project, (include, _) => ProjectExtensions.Any(e => HasExtension(include, e))),
        (LayerKind.Zip, (include, _) => HasExtension(include, ".zip")),
        (LayerKind.Directory, IsFolder),
        (LayerKind.Image, (include, _) => IsImage(include)),
    ];

    /// <summary>Throws LLC20xx, attributed to the item, for what cannot be meant.</summary>
    /// <param name="origin">Its Include and the file that defines it.</param>
    /// <param name="projectDirectory">Absolute folder of the project.</param>
    /// <param name="metadata">Gives a metadata value, empty when not set.</param>
    /// <param name="buildDirectory">
    /// Absolute folder below which the build puts what it makes of items; null where nothing is built.
    /// </param>
    public static LayerItem Parse(
        ItemOrigin origin, string projectDirectory, Func<string, string> metadata, string? buildDirectory = null) =>
        origin.Attribute(() => Read(origin, projectDirectory, metadata) with { BuildDirectory = buildDirectory });

    private static LayerItem Read(ItemOrigin origin, string projectDirectory, Func<string, string> metadata)
    {
        var kind = ParseKind(origin.Include, projectDirectory, metadata);
        var item = new LayerItem(origin, kind)
        {
            ProjectDirectory = projectDirectory,
            TargetPath = ImagePath(metadata, "TargetPath"),
            SourcePath = ImagePath(metadata, "SourcePath"),
            Sha256 = ParseSha256(metadata("Sha256")),
            OnlyFor = ParseArchitecture(metadata("Architecture")),
            Region = NullIfEmpty(metadata("Region")),
            Profile = NullIfEmpty(metadata("Profile")),
            BuildCommand = NullIfEmpty(metadata("BuildCommand")),
            BuildInputs = NullIfEmpty(metadata("BuildInputs")),
            AdditionalProperties = NullIfEmpty(metadata("AdditionalProperties")),
            Exclude = FilePatterns.Parse(metadata("ExcludeFiles")),
        };
        if (metadata("ExcludeFiles").Length > 0 && kind != LayerKind.Directory)
            throw LayerItemErrors.ExcludeFilesNeedsFolder(kind.ToString());
        if (item.BuildCommand is not null && kind != LayerKind.Directory)
            throw LayerItemErrors.BuildCommandNeedsFolder(kind.ToString());
        if (item.BuildInputs is not null && item.BuildCommand is null)
            throw LayerItemErrors.BuildInputsWithoutCommand();
        if (kind == LayerKind.Url && !IsWebAddress(item.Include))
            throw LayerItemErrors.NotAWebAddress(item.Include);
        if (kind == LayerKind.Url && item.Sha256 is null)
            throw LayerItemErrors.UrlNeedsSha256(item.Include);
        return item;
    }

    private static LayerKind ParseKind(string include, string projectDirectory, Func<string, string> metadata)
    {
        var text = metadata("Kind");
        if (text.Length == 0)
            return FindKind(include, projectDirectory)
                // What a command fills need not be there before, and then only its name tells that it is a folder.
                ?? (metadata("BuildCommand").Length > 0 ? LayerKind.Directory : (LayerKind?)null)
                ?? throw LayerItemErrors.UnknownInclude(include);
        return Enum.TryParse<LayerKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            && !char.IsAsciiDigit(text[0])
            ? kind
            : throw LayerItemErrors.UnknownKind(text);
    }

    private static LayerKind? FindKind(string include, string projectDirectory)
    {
        foreach (var (kind, fits) in Forms)
        {
            if (fits(include, projectDirectory))
                return kind;
        }

        return null;
    }

    private static bool HasExtension(string include, string extension) =>
        include.EndsWith(extension, StringComparison.OrdinalIgnoreCase)
        && !include.Contains("://", StringComparison.Ordinal);

    private static bool IsFolder(string include, string projectDirectory) =>
        !include.Contains("://", StringComparison.Ordinal)
        && (include.EndsWith('/') || include.EndsWith('\\')
            || Directory.Exists(Path.Combine(projectDirectory, include.Replace('\\', '/'))));

    private static bool IsWebAddress(string include) =>
        Uri.TryCreate(include, UriKind.Absolute, out var address) && address.Scheme is ("https" or "http") && address.Host.Length > 0;

    // Without a tag or digest it could be a misspelled folder as well; an image must say which one.
    private static bool IsImage(string include) =>
        ImageReference.TryParse(include, out var reference)
        && (include.Contains('@', StringComparison.Ordinal)
            || include.LastIndexOf(':') > include.LastIndexOf('/'))
        && reference.Repository.Length > 0;

    private static string ImagePath(Func<string, string> metadata, string name)
    {
        var value = metadata(name);
        if (value.Length == 0)
            return "/opt";
        var segments = value.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var valid = value[0] == '/' && segments.Length > 0
            && !value.Any(c => c == '\\' || char.IsControl(c))
            && !segments.Any(s => s is "." or "..");
        return valid ? "/" + string.Join('/', segments) : throw LayerItemErrors.BadImagePath(name, value);
    }

    private static Digest? ParseSha256(string text)
    {
        if (text.Length == 0)
            return null;
        return Digest.TryParseHex(text, out var digest) || Digest.TryParse(text, out digest)
            || Digest.TryParseBase64(text, out digest)
            ? digest
            : throw LayerItemErrors.BadSha256(text);
    }

    private static Platform? ParseArchitecture(string text) =>
        text.Length == 0 ? null
        : Platform.TryFromArchitecture(text, out var platform) ? platform
        : throw LayerItemErrors.UnknownArchitecture(text);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
