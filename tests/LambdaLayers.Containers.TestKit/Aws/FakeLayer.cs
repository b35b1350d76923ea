using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>A published layer version; tests change its switches while the fake runs.</summary>
public sealed class FakeLayer
{
    public FakeLayer(string layerVersionArn, string zipPath)
    {
        LayerVersionArn = layerVersionArn;
        ZipPath = zipPath;
        Reread();
    }

    /// <summary>With the version at its end; or an <c>arn:aws:lambda:::awslayer:NAME</c>.</summary>
    public string LayerVersionArn { get; }

    /// <summary>Without the version.</summary>
    public string LayerArn => LayerVersionArn[..LayerVersionArn.LastIndexOf(':')];

    public long Version => long.TryParse(LayerVersionArn[(LayerVersionArn.LastIndexOf(':') + 1)..], out var n) ? n : 1;

    /// <summary>The file behind the download.</summary>
    public string ZipPath { get; set; }

    /// <summary>base64 of the SHA-256 that GetLayerVersion tells.</summary>
    public string CodeSha256 { get; set; } = "";

    /// <summary>The size that GetLayerVersion tells.</summary>
    public long CodeSize { get; set; }

    /// <summary>Empty: the answer has no such field, as for layers published without.</summary>
    public IReadOnlyList<string> CompatibleArchitectures { get; set; } = [];

    public IReadOnlyList<string> CompatibleRuntimes { get; set; } = [];

    public string Description { get; set; } = "";

    /// <summary>The owner has not shared it: GetLayerVersion is refused.</summary>
    public bool Denied { get; set; }

    /// <summary>The owner shares versions but not the list, as most third parties do.</summary>
    public bool ListDenied { get; set; }

    public DownloadFaults Faults { get; } = new();

    /// <summary>Takes digest and size from the file again, after a test changed it.</summary>
    public void Reread()
    {
        using var file = File.OpenRead(ZipPath);
        CodeSize = file.Length;
        CodeSha256 = Convert.ToBase64String(SHA256.HashData(file));
    }

    /// <summary>The fields that GetLayerVersion and ListLayerVersions have in common.</summary>
    internal JsonObject Describe()
    {
        var json = new JsonObject
        {
            ["LayerVersionArn"] = LayerVersionArn,
            ["Version"] = Version,
            ["Description"] = Description,
            ["CreatedDate"] = "2024-01-01T00:00:00.000+0000",
        };
        AddList(json, "CompatibleArchitectures", CompatibleArchitectures);
        AddList(json, "CompatibleRuntimes", CompatibleRuntimes);
        return json;
    }

    private static void AddList(JsonObject json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            json[name] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        }
    }
}
