using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Turns a zip's record into a layer entry: checked name, kind, mode, time, content.</summary>
internal static class ZipEntryReader
{
    // S_IFMT values of <sys/stat.h>.
    private const int Fifo = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int Folder = 0x4000;
    private const int BlockDevice = 0x6000;
    private const int Regular = 0x8000;
    private const int SymbolicLink = 0xA000;
    private const int Socket = 0xC000;

    /// <summary>
    /// The entry; its path is empty for the layer's root. Throws for names, kinds, methods and sizes that are refused.
    /// </summary>
    public static LayerEntry Read(ZipRecord record)
    {
        var name = WithSlashes(record);
        var path = PathOf(record, name);
        if (record.IsEncrypted)
            throw ZipErrors.EntryIsEncrypted(record.Name);
        if (record.Method is not (ZipRecord.Stored or ZipRecord.Deflated))
            throw ZipErrors.EntryMethodUnknown(record.Name, record.Method);
        if (record.Method == ZipRecord.Stored && record.Size != record.CompressedSize)
            throw ZipErrors.EntrySizeLies(record.Name, record.Size, $"{record.CompressedSize}");
        var kind = KindOf(record, name.EndsWith('/'));
        if (path.Length == 0 && kind != EntryKind.Directory)
            throw ZipErrors.EntryNameIsAmbiguous(record.Name, "it names the layer's root, and is no folder");
        return new LayerEntry(path, kind)
        {
            Mode = record.UnixMode,
            Modified = TimeOf(record),
            Size = kind == EntryKind.File ? record.Size : 0,
            LinkTarget = kind == EntryKind.SymbolicLink ? ReadTarget(record) : null,
            Open = kind == EntryKind.File ? record.Open : null,
            Deflated = kind == EntryKind.File && record.Method == ZipRecord.Deflated
                ? new DeflatedContent(record.CompressedSize, () => record.Data.Open())
                : null,
        };
    }

    // Windows PowerShell 5 and .NET Framework before 4.6.1 wrote backslashes, and hand-made '"dir/" + relativePath'
    // mixes both. Their zips say that they were made on Windows, where no name can hold a backslash, so there it is a
    // separator and every check sees it as one. From any other system it may be either, and LayerPath refuses it.
    private static string WithSlashes(ZipRecord record) =>
        record.IsFromWindows ? record.Name.Replace('\\', '/') : record.Name;

    // bsdtar and others begin every name with "./"; anywhere else only some readers know what to make of a dot.
    private static string PathOf(ZipRecord record, string name)
    {
        var path = LayerPath.Check(name);
        var written = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        return path.Length == 0 || path.Length == written.TrimEnd('/').Length
            ? path
            : throw ZipErrors.EntryNameIsAmbiguous(record.Name, "it has '.' between or after its folders");
    }

    private static EntryKind KindOf(ZipRecord record, bool namedFolder)
    {
        // Some readers go by these bits whoever wrote them, others only where Unix did.
        if (!record.IsFromUnix && record.UnixType is not (0 or Regular) && !(record.UnixType == Folder && namedFolder))
            throw ZipErrors.EntryKindIsAmbiguous(record.Name, "its attributes are those of Unix, and it was made elsewhere");
        if (record.HasReservedBits || (record.HasDosLabelBit && !record.IsFromUnix))
            throw ZipErrors.EntryKindIsAmbiguous(record.Name, "its attributes are such that some tools leave it or its mode out");
        switch (record.UnixType)
        {
            case Fifo: throw PackingErrors.EntryIsSpecial(record.Name, "FIFO");
            case CharacterDevice: throw PackingErrors.EntryIsSpecial(record.Name, "character device");
            case BlockDevice: throw PackingErrors.EntryIsSpecial(record.Name, "block device");
            case Socket: throw PackingErrors.EntryIsSpecial(record.Name, "socket");
            case SymbolicLink when namedFolder: throw ZipErrors.FolderEntryHasData(record.Name);
            case SymbolicLink when record.MayBeLink && !record.HasDosFolderBit: return EntryKind.SymbolicLink;
            case SymbolicLink: throw ZipErrors.EntryKindIsAmbiguous(record.Name, "its attributes make it a link to some tools only");
            case not (0 or Regular or Folder):
                throw ZipErrors.EntryKindIsAmbiguous(record.Name, "its attributes name a kind that Unix does not have");
        }

        if (namedFolder)
            return record.Size == 0 ? EntryKind.Directory : throw ZipErrors.FolderEntryHasData(record.Name);
        return record.UnixType != Folder && !record.HasDosFolderBit
            ? EntryKind.File
            : throw ZipErrors.EntryKindIsAmbiguous(record.Name, "its attributes are a folder's, and its name has no '/' at the end");
    }

    private static string ReadTarget(ZipRecord record)
    {
        if (record.Size is 0 or > Limits.PathBytes)
            throw PackingErrors.LinkTargetIsInvalid(record.Name);
        var target = new byte[record.Size];
        using var content = record.Open();
        content.ReadExactly(target);
        return LinkTarget.Decode(target, record.Name);
    }

    private static DateTimeOffset? TimeOf(ZipRecord record) =>
        record.UnixTime is >= 0 and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DosTimeOf(record.DosTime);

    // APPNOTE 4.4.6. Local time of an unknown zone; as UTC it at least is the same everywhere. Zero means none.
    private static DateTimeOffset? DosTimeOf(uint time)
    {
        var (date, clock) = ((int)(time >> 16), (int)(time & 0xFFFF));
        var (year, month, day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
        var (hour, minute, second) = (clock >> 11, (clock >> 5) & 63, (clock & 31) * 2);
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return null;
        return new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
    }
}
