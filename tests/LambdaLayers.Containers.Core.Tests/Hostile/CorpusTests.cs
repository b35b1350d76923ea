using System.Formats.Tar;
using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.Core.Tests.Packing.Rootfs;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using MediaTypes = LambdaLayers.Containers.Core.Oci.MediaTypes;

namespace LambdaLayers.Containers.Core.Tests.Hostile;

/// <summary>
/// Documents of all kinds, changed at random: each is read, or refused with a coded error (in the folder Oci a FormatException,
/// which its callers explain), and never anything else. The output has how many of each; zips are OtherReadersTests'.
/// </summary>
public sealed class CorpusTests
{
    private const string Sha = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Manifest = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"SHA","size":2},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"SHA","size":32,"urls":["https://a"]}]}
        """;

    private const string Index = """
        {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"SHA","size":3,
         "platform":{"architecture":"arm64","os":"linux","variant":"v8"}}]}
        """;

    private const string Config = """
        {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Entrypoint":["/x"],"Labels":{"a":"b"}},
         "rootfs":{"type":"layers","diff_ids":["SHA"]},"history":[{"created":"2020-01-01T00:00:00Z","empty_layer":true}]}
        """;

    private const string Lock = """
        {"version":1,"items":[{"kind":"Arn","include":"arn:aws:lambda:us-east-1:123456789012:layer:tools:1",
         "resolved":"arn:aws:lambda:us-east-1:123456789012:layer:tools:1","digest":"SHA","size":3,"region":"us-east-1","version":1}]}
        """;

    private const string Docker = """
        {"auths":{"r.test":{"auth":"bWU6eA==","identitytoken":"i"}},"credHelpers":{"other.test":"absent"},"credsStore":"absent"}
        """;

    private static readonly string[] Words =
        ["null", "{}", "[]", "-1", "1e999", "\"\"", "\"\\u0000\"", "999999999999999999999", "[null]", "sha256:", "../", "\ud800", "\u0000"];

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public Task Tars() => ExpectAsync("tar", 2000, Tar(), async bytes =>
    {
        var content = await Layered.ReadAsync([Layered.Blob(bytes, bytes, MediaTypes.OciLayer)], "/opt");
        _ = SourceEntries.Of(content.Files, "/opt", Limits.Default);
    });

    [Test]
    public Task Compressed_layers()
    {
        var tar = Tar();
        return ExpectAsync("gzip", 1000, LayerBlobs.Gzip(tar), bytes => Layered.ReadAsync([Layered.Blob(tar, bytes)], "/opt"));
    }

    [Test]
    public Task Manifests() => ExpectAsync("manifest", 4000, Text(Manifest), bytes => Task.FromResult(
        ImageManifest.Parse(bytes, ManifestType.Decide(ImageReference.Parse("r.test/a:1"), null, bytes)).In(ManifestFamily.Docker)));

    [Test]
    public Task Indexes() => ExpectAsync("index", 4000, Text(Index), bytes => Task.FromResult(ImageIndex.Parse(bytes, MediaTypes.OciIndex)));

    [Test]
    public Task Configs() => ExpectAsync("config", 4000, Text(Config), bytes =>
    {
        var config = ImageConfig.Parse(bytes);
        return Task.FromResult(config.WithLabels(new Dictionary<string, string> { ["c"] = "d" }).Platform);
    });

    [Test]
    public Task Lock_files() => ExpectAsync("lock file", 4000, Text(Lock), async bytes =>
    {
        var path = _root.File("lock.json");
        await File.WriteAllBytesAsync(path, bytes);
        _ = LockFile.Open(path, locked: false, verified: false).TryGet(LockKind.Arn, "arn:aws:lambda:us-east-1:123456789012:layer:tools:1");
    });

    [Test]
    public Task Log_in_files() => ExpectAsync("docker config", 4000, Text(Docker), async bytes =>
    {
        var path = _root.File("config.json");
        await File.WriteAllBytesAsync(path, bytes);
        var helper = new CredentialHelper(_ => null, TimeSpan.FromSeconds(1), TimeProvider.System);
        await new DockerConfigSource(path, helper).GetAsync(new CredentialScope("r.test", CredentialPurpose.Pull), default);
    });

    [Test]
    public Task Includes() => ExpectAsync(
        "Include", 4000, Text($"https://user@example.com:443/layers/x.zip?token=1#{Hex}"),
        bytes => Task.FromResult(LayerItemParser.Parse(
            new ItemOrigin(Encoding.UTF8.GetString(bytes)), _root.Path, name => name == "Sha256" ? Hex : "")));

    // Each of these ended in a stack trace once.
    [TestCase("https://")]
    [TestCase("https://[bad/x.zip")]
    [TestCase("https://host:99999/x.zip")]
    [TestCase("foo", "Url")]
    [TestCase("ftp://example.com/x.zip", "Url")]
    public void An_address_that_cannot_be_one_is_refused(string include, string kind = "")
    {
        var failure = Assert.Throws<LayersException>(() => LayerItemParser.Parse(
            new ItemOrigin(include), _root.Path, name => name == "Sha256" ? Hex : name == "Kind" ? kind : ""));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC2013"));
    }

    [TestCase("example.com:99999/r:t", "Image")]
    [TestCase("[:::]/r:t", "Image")]
    public async Task A_registry_that_cannot_be_one_is_refused(string include, string kind)
    {
        var failure = await Assert.ThrowsAsync<LayersException>(async () =>
        {
            using var engine = new Engine(
                new EngineOptions(_root.Folder("cache"), _ => null), new RecordingLog());
            var item = LayerItemParser.Parse(new ItemOrigin(include), _root.Path, name => name == "Kind" ? kind : "");
            await engine.DescribeAsync([item], Platform.LinuxAmd64, default);
        });

        Assert.That(failure!.Diagnostic.Code, Does.Match("^LLC[123]"));
    }

    [TestCase("99999999999999999")]
    [TestCase("-1")]
    [TestCase("1e3")]
    public void A_SOURCE_DATE_EPOCH_that_no_file_can_have_is_refused(string value) =>
        Assert.That(
            Assert.Throws<LayersException>(() => _ = new EngineOptions("/", name => name == "SOURCE_DATE_EPOCH" ? value : null).SourceTime)!
                .Diagnostic.Code,
            Is.EqualTo("LLC2169"));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text.Replace("SHA", Sha, StringComparison.Ordinal));

    private static byte[] Tar() => new TarBuilder(TarEntryFormat.Gnu).Folder("opt/").File("opt/a", "content")
        .Link("opt/l", "a").File("opt/" + new string('n', 150)).ToArray();

    /// <summary>Changes a document again and again; the codes that it was refused with.</summary>
    internal static async Task<IEnumerable<string>> ExpectAsync(string kind, int count, byte[] seed, Func<byte[], Task> readAsync)
    {
        var random = new Random(1);
        var (refused, accepted) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        for (var i = 0; i < count; i++)
        {
            var bytes = Changed(seed, random);
            try
            {
                await readAsync(bytes);
                accepted++;
            }
            catch (Exception e) when (e is LayersException or FormatException)
            {
                var code = (e as LayersException)?.Diagnostic.Code ?? nameof(FormatException);
                refused[code] = refused.GetValueOrDefault(code) + 1;
            }
            catch (Exception e)
            {
                Assert.Fail($"{kind} {i}: {Convert.ToBase64String(bytes)}\n{e}");
            }
        }

        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}: tried {count}, accepted {accepted}, refused {count - accepted} ({string.Join(", ", refused.Select(r => $"{r.Key} {r.Value}"))})"));
        Assert.That(accepted, Is.Positive);
        Assert.That(refused, Is.Not.Empty);
        return refused.Keys;
    }

    private static byte[] Changed(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at - (at == 0 ? 1 : 0)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(at + 1), random.Next(0, bytes.Count - at)).Take(40));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
