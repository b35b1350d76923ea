using System.Text.Json;
using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Content;

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
