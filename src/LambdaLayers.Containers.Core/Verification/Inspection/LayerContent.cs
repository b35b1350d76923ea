using System.Text.Json.Serialization;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Verification.Inspection;

/// <summary>What one layer holds, found out once and kept in the cache by the layer's digest.</summary>
/// <param name="Entries">Everything in its tar, in order.</param>
internal sealed record LayerContent(IReadOnlyList<FileRecord> Entries)
{
    /// <summary>Changes whenever the same layer could give another record.</summary>
    public const string Version = "content-1";

    /// <summary>How the blob is compressed, whatever its media type says.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>Whether a gzip blob is one member and nothing else.</summary>
    public bool IsOneMember { get; init; } = true;

    /// <summary>Bytes of the tar.</summary>
    public long TarSize { get; init; }

    /// <summary>Digest of the tar.</summary>
    public Digest? DiffId { get; init; }

    /// <summary>Why the layer cannot be unpacked, in words; null for one that can.</summary>
    public string? Problem { get; init; }

    /// <summary>What looks like a secret, each kind once a file.</summary>
    public IReadOnlyList<SecretShape> Shapes { get; init; } = [];

    /// <summary>Fingerprints of credentials that the layer does not hold.</summary>
    public IReadOnlyList<string> Cleared { get; init; } = [];
}

/// <summary>How a layer's blob is compressed.</summary>
internal enum LayerCompression
{
    None,
    Gzip,
    Zstd,
}

/// <summary>One entry of a layer's tar. Short member names: some layers have 50,000 of them.</summary>
/// <param name="Type">Type flag of the tar, as <see cref="Packing.Tar.TarItem.Type"/>.</param>
/// <param name="Name">As written in the tar.</param>
internal sealed record FileRecord(
    [property: JsonPropertyName("t")] char Type,
    [property: JsonPropertyName("n")] string Name)
{
    /// <summary>The name as an absolute path of the image.</summary>
    [JsonIgnore]
    public string Path => FileTree.Normalize(Name);

    /// <summary>Permission bits, with setuid and the like.</summary>
    [JsonPropertyName("m")]
    public int Mode { get; init; }

    /// <summary>Bytes of a file's content.</summary>
    [JsonPropertyName("s")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Size { get; init; }

    /// <summary>Target of a link.</summary>
    [JsonPropertyName("l")]
    public string? Link { get; init; }

    /// <summary>XxHash3 of a file's content: tells whether two files are the same, no more.</summary>
    [JsonPropertyName("h")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Hash { get; init; }

    /// <summary>What the file says of itself when it is ELF.</summary>
    [JsonPropertyName("e")]
    public ElfFile? Elf { get; init; }

    /// <summary>A script's first line without <c>#!</c>, with a carriage return where it has one.</summary>
    [JsonPropertyName("i")]
    public string? Shebang { get; init; }
}

/// <summary>Something in a layer that looks like a secret.</summary>
/// <param name="Code">Of the rule that reports it.</param>
/// <param name="Entry">Index of the entry in the layer.</param>
internal sealed record SecretShape(string Code, int Entry);

/// <summary>How the records are written into the cache.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestJsonConverter)])]
[JsonSerializable(typeof(LayerContent))]
internal sealed partial class InspectionJson : JsonSerializerContext;
