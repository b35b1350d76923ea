using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Sbom;

/// <summary>The rules of bom-1.6.schema.json that bind this document, and what CycloneDX says beside the schema.</summary>
public sealed class SbomDocumentTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53";

    private static readonly string[] ComponentTypes =
    [
        "application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver",
        "firmware", "file", "machine-learning-model", "data", "cryptographic-asset",
    ];

    private static readonly SbomImage Image = new("localhost:5000/team/shop", Digest.Of("image"u8), Platform.LinuxArm64);
    private static readonly Digest Tools = Digest.Of("tools"u8);

    private const string DepsFile = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-arm64", "signature": "" },
          "targets": {
            ".NETCoreApp,Version=v10.0": { },
            ".NETCoreApp,Version=v10.0/linux-arm64": {
              "Shop/1.0.0": {
                "dependencies": {
                  "Newtonsoft.Json": "13.0.3", "Prices": "1.0.0",
                  "runtimepack.Microsoft.NETCore.App.Runtime.linux-arm64": "10.0.0", "Not.In.The.File": "1.0.0"
                },
                "runtime": { "Shop.dll": {} }
              },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-arm64/10.0.0": { "runtime": {} },
              "Newtonsoft.Json/13.0.3": { "runtime": {} },
              "Serilog/4.0.0-dev+7": { "dependencies": { "Newtonsoft.Json": "13.0.1" } },
              "Prices/1.0.0": { "dependencies": { "Serilog": "4.0.0-dev+7", "Old": "2.0.0.0" } },
              "Old/2.0.0.0": { "runtime": {} }
            }
          },
          "libraries": {
            "Shop/1.0.0": { "type": "project", "serviceable": false, "sha512": "" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-arm64/10.0.0": { "type": "runtimepack", "sha512": "" },
            "Newtonsoft.Json/13.0.3": {
              "type": "package", "serviceable": true,
              "sha512": "sha512-HrC5BXdl00IP9zeV+0Z848QWPAoCr9P3bDEZguI+gkLcBKAOxix/tLEAAHC+UvDNPv4a2d18lOReHMOagPa+zQ==",
              "path": "newtonsoft.json/13.0.3"
            },
            "Serilog/4.0.0-dev+7": { "type": "package", "sha512": "" },
            "Prices/1.0.0": { "type": "project", "sha512": "" },
            "Old/2.0.0.0": { "type": "reference", "sha512": "" }
          }
        }
        """;

    private static IReadOnlyList<Dependency> Application => DependencyFile.Parse(Encoding.UTF8.GetBytes(DepsFile), "Shop.deps.json");

    private static byte[] Create(string? reference = null, IReadOnlyList<SbomLayer>? layers = null) => SbomDocument.Create(
        Image,
        reference is null ? null : ImageReference.Parse(reference),
        layers ??
        [
            new SbomLayer(Arn, "/opt", Tools),
            new SbomLayer($"public.ecr.aws/datadog/lambda-extension@{Digest.Of("dd"u8)}", "/opt", Digest.Of("dd-layer"u8)),
            new SbomLayer("layers/tools.zip", "/opt/tools", Tools),
        ],
        Application);

    private static JsonNode Read(byte[] document) => JsonNode.Parse(document)!;

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<JsonNode> Components(JsonNode bom) =>
        bom["components"]!.AsArray().Select(x => x!).Prepend(bom["metadata"]!["component"]!);

    private static JsonNode Component(JsonNode bom, string name) => Components(bom).Single(x => Text(x["name"]) == name);

    [Test]
    public void The_document_has_what_the_schema_requires()
    {
        var bom = Read(Create("public.ecr.aws/lambda/dotnet:10"));

        Assert.Multiple(() =>
        {
            Assert.That(Text(bom["bomFormat"]), Is.EqualTo("CycloneDX"));
            Assert.That(Text(bom["specVersion"]), Is.EqualTo("1.6"));
            Assert.That(bom["version"]!.GetValue<int>(), Is.EqualTo(1));
            Assert.That(Text(bom["serialNumber"]), Does.Match(
                "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
            foreach (var component in Components(bom))
            {
                Assert.That(ComponentTypes, Does.Contain(Text(component["type"])));
                Assert.That(Text(component["name"]), Is.Not.Empty);
                foreach (var hash in component["hashes"]?.AsArray() ?? [])
                {
                    var length = Text(hash!["alg"]) switch { "SHA-256" => 64, "SHA-512" => 128, var other => other.Length };
                    Assert.That(Text(hash["content"]), Does.Match($"^[a-f0-9]{{{length}}}$"));
                }
            }
        });
    }

    [Test]
    public void Every_reference_is_unique_and_every_dependency_resolves()
    {
        var bom = Read(Create("public.ecr.aws/lambda/dotnet:10"));
        var refs = Components(bom).Select(x => Text(x["bom-ref"])).ToList();
        var entries = bom["dependencies"]!.AsArray();
        var used = entries.SelectMany(x => x!["dependsOn"]!.AsArray().Select(Text)).Distinct().ToList();

        Assert.Multiple(() =>
        {
            Assert.That(refs, Is.Unique);
            Assert.That(entries.Select(x => Text(x!["ref"])), Is.Unique.And.EquivalentTo(refs));
            Assert.That(used, Is.SubsetOf(refs));
            Assert.That(refs.Except(used), Is.EqualTo(new[] { "image" }), "all is reachable from the image");
            foreach (var entry in entries)
                Assert.That(entry!["dependsOn"]!.AsArray().Select(Text), Is.Unique);
        });
    }

    [Test]
    public void The_same_image_gives_the_same_bytes_and_another_one_another_serial_number()
    {
        var (first, again) = (Create("base/image:1"), Create("base/image:1"));
        var other = Create("base/image:2");

        Assert.That(again, Is.EqualTo(first));
        Assert.That(Text(Read(other)["serialNumber"]), Is.Not.EqualTo(Text(Read(first)["serialNumber"])));
        Assert.That(Encoding.UTF8.GetString(first), Does.Not.Contain("timestamp").And.Not.Contain("\r"));
    }

    [Test]
    public void Image_and_base_are_named_by_digest()
    {
        var digest = Digest.Of("base"u8);
        var bom = Read(Create($"public.ecr.aws/lambda/dotnet:10@{digest}"));
        var (image, baseImage) = (bom["metadata"]!["component"]!, Component(bom, "public.ecr.aws/lambda/dotnet"));

        Assert.Multiple(() =>
        {
            Assert.That(Text(image["purl"]), Is.EqualTo(
                $"pkg:oci/shop@sha256%3A{Image.Digest.Hex}?arch=arm64&repository_url=localhost%3A5000/team/shop"));
            Assert.That(Text(baseImage["version"]), Is.EqualTo(digest.ToString()));
            Assert.That(Text(baseImage["hashes"]![0]!["content"]), Is.EqualTo(digest.Hex));
        });
    }

    [Test]
    public void An_empty_base_is_no_component()
    {
        Assert.That(Components(Read(Create())).Select(x => Text(x["bom-ref"])), Has.None.EqualTo("base"));
    }

    [Test]
    public void Each_layer_has_its_source_and_its_digest_in_the_image()
    {
        var bom = Read(Create());
        var arn = Component(bom, "LambdaInsightsExtension");
        var fromImage = Component(bom, "public.ecr.aws/datadog/lambda-extension");
        var zip = Component(bom, "layers/tools.zip");

        Assert.Multiple(() =>
        {
            Assert.That(Text(arn["version"]), Is.EqualTo("53"));
            Assert.That(Text(arn["properties"]![0]!["value"]), Is.EqualTo(Arn));
            Assert.That(Text(arn["hashes"]![0]!["content"]), Is.EqualTo(Tools.Hex));
            Assert.That(Text(fromImage["purl"]), Does.StartWith("pkg:oci/lambda-extension@sha256%3A"));
            Assert.That(Text(zip["properties"]![1]!["value"]), Is.EqualTo("/opt/tools"));
        });
    }

    [Test]
    public void The_application_s_packages_are_those_of_its_dependency_file()
    {
        var bom = Read(Create());
        var purls = Components(bom).Select(x => (string?)x["purl"]).Where(x =>
            x?.StartsWith("pkg:nuget/", StringComparison.Ordinal) is true);
        var shop = bom["dependencies"]!.AsArray().Single(x => Text(x!["ref"]) == "project:Shop@1.0.0")!;

        Assert.Multiple(() =>
        {
            Assert.That(purls, Is.EquivalentTo(new[]
            {
                "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-arm64@10.0.0", "pkg:nuget/Newtonsoft.Json@13.0.3",
                "pkg:nuget/Serilog@4.0.0-dev%2B7",
            }));
            Assert.That(Text(Component(bom, "Newtonsoft.Json")["hashes"]![0]!["content"]), Does.StartWith("1eb0b9057765d3420ff7"));
            Assert.That(shop["dependsOn"]!.AsArray().Select(Text), Is.EqualTo(new[]
            {
                "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-arm64@10.0.0", "pkg:nuget/Newtonsoft.Json@13.0.3",
                "project:Prices@1.0.0",
            }));
            Assert.That(Regex.Count(bom.ToJsonString(), "Not.In.The.File"), Is.Zero);
        });
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"runtimeTarget":{"name":"a"},"targets":{"a":{"X/1":{}}},"libraries":{}}""")]
    [TestCase("""{"runtimeTarget":{"name":"a"},"targets":{"a":{"X":{}}},"libraries":{"X":{"type":"package"}}}""")]
    public void What_is_no_dependency_file_is_said_to_be_none(string text)
    {
        var error = Assert.Throws<LayersException>(() => DependencyFile.Parse(Encoding.UTF8.GetBytes(text), "x.deps.json"))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC3601"));
    }
}
