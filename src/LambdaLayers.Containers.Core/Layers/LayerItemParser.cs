using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Reads items: decides the kind from one table, validates the metadata that the kind takes.</summary>
internal static class LayerItemParser
{
    /// <summary>Throws LLC20xx, attributed to the item, for what cannot be meant.</summary>
    public static LayerItem Parse(LayerItemInput input)
    {
        try
        {
            return ParseCore(input);
        }
        catch (LayersException e)
        {
            throw e.For(input.Origin);
        }
    }

    private static LayerItem ParseCore(LayerItemInput input)
    {
        var kind = ParseKind(input);
        var item = new LayerItem(input.Origin, kind)
        {
            ProjectDirectory = input.ProjectDirectory,
            TargetPath = ImagePath(input, "TargetPath"),
            SourcePath = ImagePath(input, "SourcePath"),
            Sha256 = ParseSha256(input.Metadata("Sha256")),
            OnlyFor = ParseArchitecture(input.Metadata("Architecture")),
            Region = NullIfEmpty(input.Metadata("Region")),
            Profile = NullIfEmpty(input.Metadata("Profile")),
            BuildCommand = NullIfEmpty(input.Metadata("BuildCommand")),
            BuildInputs = NullIfEmpty(input.Metadata("BuildInputs")),
            AdditionalProperties = NullIfEmpty(input.Metadata("AdditionalProperties")),
            BuildDirectory = input.BuildDirectory,
        };
        if (item.BuildCommand is not null && kind != LayerKind.Directory)
            throw ItemErrors.BuildCommandNeedsFolder(kind.ToString());
        if (item.BuildInputs is not null && item.BuildCommand is null)
            throw ItemErrors.BuildInputsWithoutCommand();
        if (kind == LayerKind.Url && item.Sha256 is null)
            throw ItemErrors.UrlNeedsSha256(item.Include);
        return item;
    }

    private static LayerKind ParseKind(LayerItemInput input)
    {
        var text = input.Metadata("Kind");
        if (text.Length == 0)
            return LayerKindTable.Find(input.Origin.Include, input.ProjectDirectory)
                // What a command fills need not be there before, and then only its name tells that it is a folder.
                ?? (input.Metadata("BuildCommand").Length > 0 ? LayerKind.Directory : (LayerKind?)null)
                ?? throw ItemErrors.UnknownInclude(input.Origin.Include);
        return Enum.TryParse<LayerKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            && !char.IsAsciiDigit(text[0])
            ? kind
            : throw ItemErrors.UnknownKind(text);
    }

    private static string ImagePath(LayerItemInput input, string name)
    {
        var value = input.Metadata(name);
        if (value.Length == 0)
            return "/opt";
        var segments = value.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var valid = value[0] == '/' && segments.Length > 0
            && !value.Any(c => c == '\\' || char.IsControl(c))
            && !segments.Any(s => s is "." or "..");
        return valid ? "/" + string.Join('/', segments) : throw ItemErrors.BadImagePath(name, value);
    }

    private static Digest? ParseSha256(string text)
    {
        if (text.Length == 0)
            return null;
        return Digest.TryParseHex(text, out var digest) || Digest.TryParse(text, out digest)
            || Digest.TryParseBase64(text, out digest)
            ? digest
            : throw ItemErrors.BadSha256(text);
    }

    private static Platform? ParseArchitecture(string text) =>
        text.Length == 0 ? null
        : Platform.TryFromArchitecture(text, out var platform) ? platform
        : throw ItemErrors.UnknownArchitecture(text);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
