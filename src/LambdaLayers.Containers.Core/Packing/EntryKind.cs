namespace LambdaLayers.Containers.Core.Packing;

/// <summary>What a layer entry is; devices, FIFOs and sockets are refused before they get here.</summary>
internal enum EntryKind
{
    File,
    Directory,
    SymbolicLink,

    /// <summary>Another name of a file of the same layer; only images have these.</summary>
    HardLink,
}
