using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>Gathers a layer's facts while its entries go by in their order.</summary>
internal sealed class FactsCollector
{
    private readonly List<string> _extensions = [];
    private readonly SortedDictionary<string, string> _nativeFiles = new(StringComparer.Ordinal);
    private readonly List<string> _storeManifests = [];
    private readonly SortedSet<string> _stores = new(StringComparer.Ordinal);
    private readonly List<string> _programs = [];
    private readonly List<Diagnostic> _warnings = [];
    private int _files;
    private long _size;
    private bool _hasBootstrap;

    /// <summary>Notes one placed entry; <paramref name="signature"/> is the default for what is not a file with content.</summary>
    public void Add(LayerEntry entry, FileSignature signature)
    {
        if (entry.Kind == EntryKind.Directory)
            return;
        _files++;
        _size += entry.Size;
        if (signature.ElfMachine is { } machine)
            _nativeFiles.TryAdd(machine, entry.ImagePath);
        _hasBootstrap |= entry.Path == LambdaFolders.Bootstrap;
        if (entry.Kind == EntryKind.File && signature.IsExecutable && LambdaFolders.CanWrap(entry.Path))
            _programs.Add(entry.ImagePath);
        if (LambdaFolders.IsStoreManifest(entry.ImagePath))
            _storeManifests.Add(entry.ImagePath);
        if (LambdaFolders.StoreOf(entry.ImagePath) is { } store)
            _stores.Add(store);
        var isExtension = LambdaFolders.IsDirectlyInExtensions(entry.Path);
        if (isExtension)
            _extensions.Add(entry.Path[(entry.Path.LastIndexOf('/') + 1)..]);
        if (entry.Kind == EntryKind.File && isExtension && !signature.IsExecutable)
            _warnings.Add(PackingErrors.ExtensionIsNotExecutable(entry.ImagePath));
        if (signature.HasWindowsLineEnd && (isExtension || entry.Path == LambdaFolders.Bootstrap))
            _warnings.Add(PackingErrors.ScriptHasWindowsLineEnds(entry.ImagePath));
    }

    /// <summary>All that was noted.</summary>
    public LayerFacts Finish()
    {
        if (_files == 0)
            _warnings.Add(PackingErrors.LayerIsEmpty());
        return new LayerFacts
        {
            Files = _files,
            UncompressedSize = _size,
            Extensions = _extensions,
            NativeFiles = _nativeFiles,
            StoreManifests = _storeManifests,
            Stores = [.. _stores],
            HasBootstrap = _hasBootstrap,
            Programs = _programs,
            Warnings = _warnings,
        };
    }
}
