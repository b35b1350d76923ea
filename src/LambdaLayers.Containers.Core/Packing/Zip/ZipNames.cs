using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Decodes names as their makers meant them.</summary>
internal static class ZipNames
{
    private const int Utf8Flag = 0x0800;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding CodePage437 = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    /// <summary>
    /// UTF-8 if the entry says so, or has Info-ZIP's field, or is valid UTF-8 (Unix tools write that without saying so);
    /// else code page 437 (APPNOTE appendix D). Throws LLC3061 for a name that is not the UTF-8 it says it is.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> rawName, int flags, ReadOnlySpan<byte> extra)
    {
        var declared = (flags & Utf8Flag) != 0;
        var unicode = declared ? default : ZipExtraFields.UnicodePath(extra, rawName);
        try
        {
            return Utf8.GetString(unicode.IsEmpty ? rawName : unicode);
        }
        catch (DecoderFallbackException)
        {
            if (declared || !unicode.IsEmpty)
                throw ContentErrors.PathIsNotUnicode(Encoding.UTF8.GetString(rawName));
            return CodePage437.GetString(rawName);
        }
    }
}
