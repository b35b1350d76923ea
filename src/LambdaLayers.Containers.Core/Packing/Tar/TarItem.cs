namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>One entry as <see cref="TarInput"/> found it, long names and PAX records already put in place.</summary>
/// <param name="Type">Type flag; old regular files (NUL, <c>7</c>) are <c>0</c>, or <c>5</c> when named like a folder.</param>
/// <param name="Name">As written. Bytes that are not UTF-8 are lone surrogates, which no check lets through.</param>
internal sealed record TarItem(char Type, string Name)
{
    public const char File = '0';
    public const char HardLink = '1';
    public const char SymbolicLink = '2';
    public const char CharacterDevice = '3';
    public const char BlockDevice = '4';
    public const char Folder = '5';
    public const char Fifo = '6';

    /// <summary>Target of a link, as written.</summary>
    public string LinkName { get; init; } = "";

    /// <summary>Bytes of content that follow; 0 for all that cannot have any.</summary>
    public long Size { get; init; }

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public int Mode { get; init; }

    /// <summary>Modification time, fractions cut off.</summary>
    public long UnixTime { get; init; }

    /// <summary>Whether uid and gid are 0 and the names empty.</summary>
    public bool HasNoOwner { get; init; }

    /// <summary>Whether PAX records belong to it.</summary>
    public bool IsPax { get; init; }

    /// <summary>Whether it is a sparse file, in any of GNU's four forms; its content is not what the file holds.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Whether its type flag is <c>7</c>, which some unpackers take for a file and others for nothing.</summary>
    public bool IsContiguous { get; init; }

    /// <summary>Whether a size is given where there can be no content.</summary>
    public bool HasStraySize { get; init; }
}

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
