using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Json.Schema;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Locking;

/// <summary>docs/lambda-layers.lock.schema.json says what the product writes, by an independent validator.</summary>
public sealed class LockFileSchemaTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("docs", "lambda-layers.lock.schema.json"));

    private static readonly JsonSchema Schema = JsonSchema.FromText(Text);

    private static readonly LockDocument Whole = new(LockDocument.CurrentVersion)
    {
        Items =
        [
            new LockEntry(LockKind.Image, "host/name:1", $"host/name:1@{Of("i")}", Of("i"))
            {
                Size = 1,
                Region = "us-east-1",
                Version = 2,
                Architectures = ["x86_64"],
                Runtimes = ["dotnet8"],
                Platforms = new SortedDictionary<string, Digest> { ["linux/arm64"] = Of("p") },
                Packed =
                [
                    new LockedLayer("/opt", "splice-3", Of("in"), Of("out"), Of("tar"), 7, new LayerFacts
                    {
                        Files = 3,
                        UncompressedSize = 99,
                        Extensions = ["agent"],
                        NativeFiles = new SortedDictionary<string, string> { ["x64"] = "/opt/bin/tool" },
                        StoreManifests = ["/opt/artifact.xml"],
                        Stores = ["/opt/dotnetcore/store"],
                        HasBootstrap = true,
                        Programs = ["/opt/wrapper"],
                        Warnings = [new Diagnostic("LLC3103", "the layer holds no files.")],
                    })
                    {
                        Platform = "linux/arm64",
                        SourcePath = "/opt",
                    },
                ],
            },
        ],
    };

    private static JsonNode Written => JsonNode.Parse(LockFormat.Write(Whole))!;

    [Test]
    public void What_is_written_fits_the_schema() => Assert.That(IsValid(Written));

    [TestCase("digest", "sha256:1")]
    [TestCase("size", "many")]
    [TestCase("kind", "Zip")]
    [TestCase("another", "1")]
    [TestCase("resolved", null)]
    public void What_is_not_written_does_not_fit(string property, string? value)
    {
        var document = Written;
        var item = document["items"]![0]!.AsObject();
        if (value is null)
            item.Remove(property);
        else
            item[property] = value;

        Assert.That(IsValid(document), Is.False);
    }

    [TestCase("item", typeof(LockEntry))]
    [TestCase("packed", typeof(LockedLayer))]
    [TestCase("facts", typeof(LayerFacts))]
    public void The_schema_knows_each_property_that_the_format_has(string definition, Type type)
    {
        var known = JsonNode.Parse(Text)!["$defs"]![definition]!["properties"]!.AsObject().Select(p => p.Key);
        var properties = LockJson.Document.Options.GetTypeInfo(type).Properties.Where(IsWritten).Select(p => p.Name);

        Assert.That(known, Is.EquivalentTo(properties));
    }

    private static bool IsValid(JsonNode document) =>
        Schema.Evaluate(JsonSerializer.SerializeToElement(document)).IsValid;

    private static bool IsWritten(JsonPropertyInfo property) => property.Set is not null || property.Name == "facts";

    private static Digest Of(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
