namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>What records before an entry's header say about it.</summary>
internal sealed class TarExtras
{
    public string? LongName { get; set; }

    public string? LongLink { get; set; }

    public PaxRecords? Pax { get; set; }

    public bool IsEmpty => LongName is null && LongLink is null && Pax is null;

    /// <summary>The entry that <paramref name="header"/> and these describe together.</summary>
    public TarItem Complete(TarItem header)
    {
        var size = Pax?.Size ?? header.Size;
        var hasContent = header.Type is not (TarItem.HardLink or TarItem.SymbolicLink or TarItem.CharacterDevice
            or TarItem.BlockDevice or TarItem.Folder or TarItem.Fifo);
        return header with
        {
            Name = Pax?.Path ?? LongName ?? header.Name,
            LinkName = Pax?.LinkPath ?? LongLink ?? header.LinkName,
            Size = hasContent ? size : 0,
            UnixTime = Pax?.UnixTime ?? header.UnixTime,
            IsPax = Pax is not null,
            IsSparse = header.Type == 'S' || Pax is { IsSparse: true },
            HasStraySize = !hasContent && size != 0,
        };
    }
}
