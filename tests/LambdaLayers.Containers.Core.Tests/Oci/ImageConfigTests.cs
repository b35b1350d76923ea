using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Oci;

/// <summary>Each change of a config, as the whole document that it gives.</summary>
public sealed class ImageConfigTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));
    private static readonly Digest Base = Digest.Of("base"u8);
    private static readonly Digest Added = Digest.Of("added"u8);

    [Test]
    public void A_config_of_nothing_has_each_member_that_unpackers_want()
    {
        Expect(ImageConfig.Empty(Platform.LinuxArm64),
            """{"architecture":"arm64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]},"history":[]}""");
        Expect(ImageConfig.Empty(new Platform("linux", "arm", "v7")),
            """{"architecture":"arm","os":"linux","variant":"v7","config":{},"rootfs":{"type":"layers","diff_ids":[]},"history":[]}""");
    }

    [Test]
    public void Layers_come_with_a_line_of_history_each()
    {
        var config = Parse($$"""{"rootfs":{"diff_ids":["{{Base}}","{{Base}}"]},"history":[{"created_by":"x"},{"empty_layer":true},{"empty_layer":false}]}""");
        Layer[] layers =
        [
            Layer(new LayerOrigin("zip") { CreatedBy = "somebody", Item = new ItemOrigin("item") { Property = "P" }, TargetPath = "/opt" }),
            Layer(new LayerOrigin("zip") { Item = new ItemOrigin("item") { Property = "P" }, TargetPath = "/opt" }),
            Layer(new LayerOrigin("zip") { TargetPath = "/opt/x" }),
        ];

        Expect(config.WithLayers(layers, Time),
            $$"""{"rootfs":{"diff_ids":["{{Base}}","{{Base}}","{{Added}}","{{Added}}","{{Added}}"],"type":"layers"},"history":[{"created_by":"x"},{"empty_layer":true},{"empty_layer":false},"""
            + """{"created":"2026-01-02T02:04:05Z","created_by":"somebody","comment":"LambdaLayers.Containers /opt"},"""
            + """{"created":"2026-01-02T02:04:05Z","created_by":"P","comment":"LambdaLayers.Containers /opt"},"""
            + """{"created":"2026-01-02T02:04:05Z","created_by":"LambdaLayer zip","comment":"LambdaLayers.Containers /opt/x"}]}""");
        Expect(Parse($$"""{"rootfs":{"type":"other","diff_ids":["{{Base}}"]} }""").WithLayers([], Time),
            $$"""{"rootfs":{"type":"other","diff_ids":["{{Base}}"]},"history":[{ }]}""");
    }

    [Test]
    public void Settings_are_set_beside_those_that_are_there()
    {
        var config = Parse("""{"config":{"Env":["A=1","AB=2"],"Cmd":["x"],"Labels":{"l":"1"},"ExposedPorts":{"80/tcp":{}}}}""");

        Expect(config.WithEnvironment([new("A", "3"), new("C", "=4")]),
            """{"config":{"Env":["A=3","AB=2","C==4"],"Cmd":["x"],"Labels":{"l":"1"},"ExposedPorts":{"80/tcp":{}}}}""");
        Expect(config.WithLabels([new("m", "2")]),
            """{"config":{"Env":["A=1","AB=2"],"Cmd":["x"],"Labels":{"l":"1","m":"2"},"ExposedPorts":{"80/tcp":{}}}}""");
        Expect(config.WithPorts(["8080/tcp"]),
            """{"config":{"Env":["A=1","AB=2"],"Cmd":["x"],"Labels":{"l":"1"},"ExposedPorts":{"80/tcp":{},"8080/tcp":{}}}}""");
        Expect(config.WithEntryPoint(["e", "f"]),
            """{"config":{"Env":["A=1","AB=2"],"Labels":{"l":"1"},"ExposedPorts":{"80/tcp":{}},"Entrypoint":["e","f"]}}""");
        Expect(config.WithCommand(["c"]),
            """{"config":{"Env":["A=1","AB=2"],"Cmd":["c"],"Labels":{"l":"1"},"ExposedPorts":{"80/tcp":{}}}}""");
        Expect(Parse("{}").WithUser("u").WithWorkingDirectory("/w").WithEnvironment([new("A", "1")]).WithLabels([new("m", "2")]).WithPorts(["1/udp"]),
            """{"config":{"User":"u","WorkingDir":"/w","Env":["A=1"],"Labels":{"m":"2"},"ExposedPorts":{"1/udp":{}}}}""");
        Expect(Parse("""{"os":"linux","created":"x","config":{"User":"u"}}""").WithSettingsOf(config, Time),
            """{"os":"linux","created":"2026-01-02T02:04:05Z","config":{"Env":["A=1","AB=2"],"Cmd":["x"],"Labels":{"l":"1"},"ExposedPorts":{"80/tcp":{}}}}""");
        Expect(config.WithSettingsOf(Parse("{}"), Time), """{"config":{},"created":"2026-01-02T02:04:05Z"}""");
    }

    [Test]
    public void Nothing_to_set_leaves_the_bytes_as_they_were()
    {
        var config = Parse("""{ "config": null }""");

        Assert.That(config.WithEnvironment([]), Is.SameAs(config));
        Assert.That(config.WithLabels([]), Is.SameAs(config));
        Assert.That(config.WithPorts([]), Is.SameAs(config));
    }

    [Test]
    public void Every_member_is_read()
    {
        var config = Parse($$"""
            { "os": "linux", "architecture": "arm64", "variant": "v8", "rootfs": { "diff_ids": ["{{Base}}"] }, "history": [{}, { "created_by": "last" }],
              "config": { "Env": ["A=1", "A=2"], "Entrypoint": ["e"], "Cmd": ["c"], "WorkingDir": "/w", "User": "u", "Labels": { "l": "1" } } }
            """);

        Assert.That(config.Platform, Is.EqualTo(new Platform("linux", "arm64", "v8")));
        Assert.That(config.DiffIds, Is.EqualTo([Base]));
        Assert.That(config.EnvironmentVariable("A"), Is.EqualTo("2"));
        Assert.That(config.EnvironmentVariable("B"), Is.Null);
        Assert.That(config.EntryPoint, Is.EqualTo(["e"]));
        Assert.That(config.Command, Is.EqualTo(["c"]));
        Assert.That((config.WorkingDirectory, config.User, config.LastCreatedBy), Is.EqualTo(("/w", "u", "last")));
        Assert.That(config.Labels, Is.EqualTo(new Dictionary<string, string> { ["l"] = "1" }));
        Assert.That(Parse("{}").WorkingDirectory ?? Parse("{}").User ?? Parse("{}").LastCreatedBy, Is.Null);
        Assert.That(Parse("{}").Labels, Is.Empty);
    }

    [TestCase("""{"rootfs":{"diff_ids":["md5:1"]}}""", "'diff_ids' holds something other than sha256 digests")]
    [TestCase("""{"rootfs":{"diff_ids":[1]}}""", "diff_ids")]
    [TestCase("""{"rootfs":[]}""", "rootfs")]
    [TestCase("""{"history":{}}""", "history")]
    [TestCase("""{"config":{"Env":"x"}}""", "Env")]
    [TestCase("""{"config":{"Entrypoint":[1]}}""", "Entrypoint")]
    [TestCase("""{"config":{"Cmd":{}}}""", "Cmd")]
    [TestCase("""{"config":{"Labels":[]}}""", "Labels")]
    [TestCase("""{"config":{"WorkingDir":1}}""", "WorkingDir")]
    [TestCase("""{"config":{"User":1}}""", "User")]
    public void What_is_no_config_is_named(string json, string words) =>
        Assert.That(() => Parse(json), Throws.TypeOf<FormatException>().With.Message.Contains(words));

    private static ImageConfig Parse(string json) => ImageConfig.Parse(Encoding.UTF8.GetBytes(json));

    private static Layer Layer(LayerOrigin origin) =>
        new(new Descriptor(MediaTypes.OciLayerGzip, Digest.Of("blob"u8), 4), Added, origin, _ => Task.FromResult<Stream>(Stream.Null));

    private static void Expect(ImageConfig config, string json) => Assert.That(
        JsonNode.Parse(config.Bytes.Span)!.ToJsonString(), Is.EqualTo(JsonNode.Parse(json)!.ToJsonString()));
}
