using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Decodes names as their makers meant them, where there is no doubt.</summary>
internal static class ZipNames
{
    private const int Utf8Flag = 0x0800;
    private const int UnicodePathHeader = 5; // version and CRC-32

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding CodePage437 = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    /// <summary>
    /// UTF-8 if the entry says so, or is valid UTF-8 (Unix tools write that without saying so); else the name in Info-ZIP's
    /// field; else code page 437 (APPNOTE appendix D), which only makers on Windows mean. Throws LLC3061 for a name that is
    /// not the UTF-8 it should be, LLC3023 for one that readers could take for another.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> rawName, int flags, byte host, ReadOnlySpan<byte> extra)
    {
        var utf8 = TryUtf8(rawName);
        if (utf8 is null && (flags & Utf8Flag) != 0)
            throw PackingErrors.PathIsNotUnicode(Encoding.UTF8.GetString(rawName));
        var name = UnicodeName(rawName, utf8, extra) ?? utf8 ?? OemName(rawName, host);
        foreach (var letter in name)
        {
            // Unzippers write these as '^A' or '?', or take them for the end of the name. LayerPath has a message for NUL.
            if (char.IsControl(letter) && letter != '\0')
                throw ZipErrors.EntryNameIsAmbiguous(name, "it has control characters");
        }

        return name;
    }

    // Info-ZIP writes it beside a name in the code page of the day; half of the readers do not look at it.
    private static string? UnicodeName(ReadOnlySpan<byte> rawName, string? utf8, ReadOnlySpan<byte> extra)
    {
        if (!ZipExtraFields.TryUnicodePath(extra, out var field))
            throw ZipErrors.EntryNameIsAmbiguous(Encoding.UTF8.GetString(rawName), "it has two Unicode names");
        if (field.IsEmpty)
            return null;
        var valid = field.Length > UnicodePathHeader && field[0] == 1
            && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.HashToUInt32(rawName);
        var name = valid ? TryUtf8(field[UnicodePathHeader..]) : null;
        if (name is not null && (utf8 is null ? HasSameAscii(rawName, name) : name == utf8))
            return name;
        throw ZipErrors.EntryNameIsAmbiguous(Encoding.UTF8.GetString(rawName), "its Unicode field has another name");
    }

    private static string OemName(ReadOnlySpan<byte> rawName, byte host) => ZipRecord.IsWindows(host)
        ? CodePage437.GetString(rawName)
        : throw PackingErrors.PathIsNotUnicode(Encoding.UTF8.GetString(rawName));

    // The same letters where both encodings have the same: folders, extension, everything but the accents.
    private static bool HasSameAscii(ReadOnlySpan<byte> rawName, string name)
    {
        var ascii = name.Where(char.IsAscii).Select(c => (byte)c).ToArray();
        var at = 0;
        foreach (var letter in rawName)
        {
            if (letter < 0x80 && (at == ascii.Length || ascii[at++] != letter))
                return false;
        }

        return at == ascii.Length;
    }

    private static string? TryUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
