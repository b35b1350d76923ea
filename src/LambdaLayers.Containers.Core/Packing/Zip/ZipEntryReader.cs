using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Turns a zip's record into a layer entry: checked name, kind, mode and time.</summary>
internal static class ZipEntryReader
{
    // S_IFMT values of <sys/stat.h>.
    private const int Fifo = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int Folder = 0x4000;
    private const int BlockDevice = 0x6000;
    private const int SymbolicLink = 0xA000;
    private const int Socket = 0xC000;

    /// <summary>
    /// The entry without its content; its path is empty for the layer's root. Throws for names, kinds, methods and
    /// sizes that are refused.
    /// </summary>
    public static LayerEntry Read(ZipRecord record)
    {
        var path = LayerPath.Check(WithSlashes(record));
        if (record.IsEncrypted)
            throw ContentErrors.EntryIsEncrypted(record.Name);
        if (record.Method is not (ZipMethod.Stored or ZipMethod.Deflated))
            throw ContentErrors.EntryMethodUnknown(record.Name, record.Method);
        if (record.Method == ZipMethod.Stored && record.Size != record.CompressedSize)
            throw ContentErrors.EntrySizeLies(record.Name, record.Size, $"{record.CompressedSize}");
        var kind = KindOf(record);
        return new LayerEntry(path, kind)
        {
            Mode = record.UnixMode,
            Modified = TimeOf(record),
            Size = kind == EntryKind.File ? record.Size : 0,
        };
    }

    // Windows PowerShell 5 and .NET Framework before 4.6.1 wrote backslashes, and hand-made '"dir/" + relativePath'
    // mixes both. Their zips say that they were made on Windows, where no name can hold a backslash, so there it is a
    // separator and every check sees it as one. From any other system it may be either, and LayerPath refuses it.
    private static string WithSlashes(ZipRecord record) =>
        record.IsFromWindows ? record.Name.Replace('\\', '/') : record.Name;

    private static EntryKind KindOf(ZipRecord record)
    {
        var namedFolder = WithSlashes(record).EndsWith('/');
        switch (record.UnixType)
        {
            case Fifo: throw ContentErrors.EntryIsSpecial(record.Name, "FIFO");
            case CharacterDevice: throw ContentErrors.EntryIsSpecial(record.Name, "character device");
            case BlockDevice: throw ContentErrors.EntryIsSpecial(record.Name, "block device");
            case Socket: throw ContentErrors.EntryIsSpecial(record.Name, "socket");
            case SymbolicLink when !namedFolder: return EntryKind.SymbolicLink;
        }

        var folder = namedFolder || record.UnixType == Folder
            || (record.HasDosFolderBit && record.UnixType == 0 && record.Size == 0);
        if (!folder)
            return EntryKind.File;
        return record.Size == 0 && record.UnixType != SymbolicLink
            ? EntryKind.Directory
            : throw ContentErrors.FolderEntryHasData(record.Name);
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
