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

    /// <summary>Whether a size is given where there can be no content.</summary>
    public bool HasStraySize { get; init; }
}
