using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// A SHA-256 content digest, written <c>sha256:</c> and 64 lower-case hex digits
/// (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests).
/// </summary>
internal sealed record Digest
{
    private const string Prefix = "sha256:";
    private const int HexLength = 64;
    private const int ShortHexLength = 12;

    private Digest(string hex) => Hex = hex;

    /// <summary>The 64 hex digits without the algorithm.</summary>
    public string Hex { get; }

    /// <summary>The algorithm and the first 12 digits, as docker shows digests to people.</summary>
    public string Short => Prefix + Hex[..ShortHexLength];

    /// <summary>Reads <c>sha256:…</c>; anything else throws <see cref="FormatException"/>.</summary>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a sha256 digest.");

    /// <summary>Reads <c>sha256:…</c>; false for anything else, other algorithms included.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        return TryParseHex(text[Prefix.Length..], out digest);
    }

    /// <summary>Reads 64 hex digits in either case.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? hex, [NotNullWhen(true)] out Digest? digest)
    {
        digest = hex is { Length: HexLength } && hex.All(char.IsAsciiHexDigit)
            ? new Digest(hex.ToLowerInvariant())
            : null;
        return digest is not null;
    }

    /// <summary>Reads the base64 form that Lambda uses for CodeSha256.</summary>
    public static bool TryParseBase64([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes + 2];
        digest = text is not null && Convert.TryFromBase64String(text, hash, out var length)
            && length == SHA256.HashSizeInBytes
            ? FromHash(hash[..length])
            : null;
        return digest is not null;
    }

    /// <summary>Wraps a finished SHA-256 hash.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash));

    /// <summary>The digest of bytes in memory.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <summary>The digest of all that <paramref name="content"/> still holds.</summary>
    public static async Task<Digest> OfAsync(Stream content, CancellationToken cancellationToken) =>
        FromHash(await SHA256.HashDataAsync(content, cancellationToken));

    public override string ToString() => Prefix + Hex;
}

/// <summary>Writes a <see cref="Digest"/> as <c>sha256:…</c>; anything else there is a <see cref="JsonException"/>.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("Not a sha256 digest.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
