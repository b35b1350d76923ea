using System.Text.Json;
using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>AWS JSON 1.1's times: seconds since 1970 with a fraction.</summary>
internal sealed class EpochSecondsConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : DateTimeOffset.UnixEpoch.AddSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            writer.WriteNumberValue((time - DateTimeOffset.UnixEpoch).TotalSeconds);
        else
            writer.WriteNullValue();
    }
}
