using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>The check of symbolic links' targets, which are otherwise kept as they are: absolute, dangling, upwards.</summary>
internal static class LinkTarget
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes and checks the target of the link <paramref name="name"/>; LLC3063 for one that Linux cannot hold.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            return Check(Utf8.GetString(bytes), name);
        }
        catch (DecoderFallbackException)
        {
            throw PackingErrors.LinkTargetIsInvalid(name);
        }
    }

    /// <summary>Checks the target of the link <paramref name="name"/>; LLC3063 for one that Linux cannot hold.</summary>
    public static string Check(string target, string name)
    {
        try
        {
            if (target.Length > 0 && !target.Contains('\0', StringComparison.Ordinal)
                && Utf8.GetByteCount(target) <= Limits.PathBytes)
                return target;
        }
        catch (EncoderFallbackException)
        {
        }

        throw PackingErrors.LinkTargetIsInvalid(name);
    }
}
