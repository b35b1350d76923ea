using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// Watches the entries of one layer blob go by and decides whether the blob can be used as it is. It can when we would
/// have made something equivalent; the order of names alone may be another:
/// <list type="bullet">
/// <item>typed as gzip, one gzip member without name and time in its header, nothing after it;</item>
/// <item>a tar that ends with two empty blocks, ustar or GNU headers, no PAX,
/// no entries of type 7, which unpackers take for different things;</item>
/// <item>every entry under the wanted folder, or a folder above it; names relative, as <see cref="LayerPath"/> takes them, each
/// once; every folder has an entry before what is in it;</item>
/// <item>only files, folders, symbolic links, and hard links to files that came before; no whiteouts, no lazy-pull data;</item>
/// <item>uid and gid 0, no names; the modes that <see cref="ModeRules"/> would give.</item>
/// </list>
/// </summary>
internal sealed class ReuseRules(ImageLayerBlob layer, string path, Limits limits)
{
    private readonly string _wanted = path.Trim('/');
    private readonly Dictionary<string, (LayerEntry Entry, FileSignature Signature)> _seen = new(StringComparer.Ordinal);
    private readonly LayerBudget _budget = new(limits);
    private readonly byte[] _head = new byte[FileSignature.HeadLength];

    /// <summary>The first rule that is broken, in words; null while none is.</summary>
    public string? Violation { get; private set; } =
        layer.Blob.MediaType is MediaTypes.DockerLayerGzip or MediaTypes.OciLayerGzip
            ? null
            : $"a layer is a '{layer.Blob.MediaType}'";

    /// <summary>Whether the layer has no entries at all, and so can be left out.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Looks at an entry, and at the beginning of its content, which is read from <paramref name="tar"/>.</summary>
    public async Task AddAsync(TarItem entry, TarInput tar, CancellationToken cancellationToken)
    {
        IsEmpty = false;
        if (Violation is not null)
            return;
        var length = entry.Type == TarItem.File ? await tar.ReadHeadAsync(_head, cancellationToken) : 0;
        var signature = length == 0 ? default : FileSignature.Of(_head.AsSpan(0, length));
        Violation = Check(entry, signature) is { } problem ? $"'{entry.Name}' {problem}" : null;
    }

    /// <summary>Notes what only shows at the end of the tar.</summary>
    public void AddEnd(TarInput tar)
    {
        if (!tar.EndedProperly)
            Violation ??= "a layer's tar does not end with two empty blocks";
        if (tar.HasGlobalHeader)
            Violation ??= "a layer has a global PAX header";
    }

    /// <summary>The layer, if its blob can be used as it is and holds anything.</summary>
    public async Task<PackedLayer?> FinishAsync(CancellationToken cancellationToken)
    {
        if (Violation is null && !IsEmpty)
        {
            await using var blob = await layer.OpenAsync(cancellationToken);
            Violation = await GzipMember.WhyNotPlainAsync(blob, cancellationToken);
        }

        if (Violation is not null || IsEmpty)
            return null;
        var facts = new FactsCollector();
        foreach (var (entry, signature) in _seen.Values.OrderBy(s => s.Entry.Path, Comparer<string>.Create(LayerPath.Compare)))
            facts.Add(entry, signature);
        return new PackedLayer(layer.Blob.Digest, layer.DiffId, layer.Blob.Size, facts.Finish());
    }

    private string? Check(TarItem entry, FileSignature signature)
    {
        if (entry.IsPax || entry.IsSparse)
            return "has a PAX header";
        if (entry.IsContiguous)
            return "has the type 7";
        if (!entry.HasNoOwner)
            return "has an owner other than 0:0";
        if (entry.HasStraySize)
            return "has a size that it cannot have";
        if (KindOf(entry) is not { } kind)
            return "is no file, folder or link";
        var name = entry.Name.EndsWith('/') && kind == EntryKind.Directory ? entry.Name[..^1] : entry.Name;
        if (!IsCanonical(name) || !IsWanted(name, kind))
            return $"is not under '/{_wanted}/'";
        if (_seen.ContainsKey(name))
            return "is there twice";
        if (LayerPath.Parent(name) is { Length: > 0 } parent
            && !(_seen.TryGetValue(parent, out var folder) && folder.Entry.Kind == EntryKind.Directory))
            return "comes without its folder before it";
        return CheckAsKind(entry, kind, name, signature);
    }

    private string? CheckAsKind(TarItem entry, EntryKind kind, string name, FileSignature signature)
    {
        if (kind == EntryKind.SymbolicLink && !IsTarget(entry))
            return "has a target that Linux cannot hold";
        if (kind == EntryKind.HardLink
            && (!_seen.TryGetValue(entry.LinkName, out var file) || file.Entry.Kind != EntryKind.File
                || file.Entry.Mode != entry.Mode))
            return "is a hard link to no file before it";
        var placed = new LayerEntry(name, kind)
        {
            Mode = entry.Mode,
            Size = entry.Size,
            LinkTarget = entry.LinkName.Length == 0 ? null : entry.LinkName,
        };
        if (kind is EntryKind.File or EntryKind.Directory && ModeRules.Of(placed, signature) != entry.Mode)
            return $"has the mode {Convert.ToString(entry.Mode, 8)}";
        if (!Fits(placed))
            return "is more than a layer may hold";
        _seen.Add(name, (placed, signature));
        return null;
    }

    private bool IsWanted(string name, EntryKind kind) =>
        name.StartsWith(_wanted + "/", StringComparison.Ordinal)
        || (kind == EntryKind.Directory && (name == _wanted || _wanted.StartsWith(name + "/", StringComparison.Ordinal)));

    private static EntryKind? KindOf(TarItem entry) => entry.Type switch
    {
        TarItem.File => EntryKind.File,
        TarItem.Folder => EntryKind.Directory,
        TarItem.SymbolicLink => EntryKind.SymbolicLink,
        TarItem.HardLink => EntryKind.HardLink,
        _ => null,
    };

    private bool Fits(LayerEntry entry)
    {
        try
        {
            _budget.Add(entry.Path, entry.LinkTarget, entry.Size);
            return true;
        }
        catch (LayersException)
        {
            return false;
        }
    }

    private static bool IsCanonical(string name)
    {
        try
        {
            return LayerPath.Check(name) == name;
        }
        catch (LayersException)
        {
            return false;
        }
    }

    private static bool IsTarget(TarItem entry)
    {
        try
        {
            return LinkTarget.Check(entry.LinkName, entry.Name) == entry.LinkName;
        }
        catch (LayersException)
        {
            return false;
        }
    }
}
