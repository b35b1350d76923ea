using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Layers;

/// <summary>Published layers and zips from addresses, through the whole engine, against a fake AWS.</summary>
[NonParallelizable]
public sealed class RemoteLayersTests
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:tools";

    private RecordingLog _log = new();
    private AwsEnvironment _environment = null!;
    private FakeAws _aws = null!;
    private TempRoot _root = null!;

    private string Cache => Path.Combine(_root.Path, "cache");

    private string LockPath => _root.File("lambda-layers.lock.json");

    [SetUp]
    public async Task Start()
    {
        _log = new RecordingLog();
        _environment = new AwsEnvironment();
        _aws = await FakeAws.StartAsync();
        foreach (var (name, value) in _aws.Environment())
            _environment.Set(name, value);
        _root = new TempRoot();
    }

    [TearDown]
    public async Task Stop()
    {
        _environment.Dispose();
        await _aws.DisposeAsync();
        _root.Dispose();
    }

    [Test]
    public async Task A_layer_of_the_lock_file_is_described_without_a_byte_and_made_when_it_is_opened()
    {
        AddLayer(1);
        var first = await RestoreAsync(Item($"{Layer}:1"));
        Directory.Delete(Cache, recursive: true);
        _aws.ClearCalls();

        using var engine = Engine();
        var layer = (await engine.DescribeAsync([Item($"{Layer}:1")], Platform.LinuxAmd64, default)).Single();
        var callsBefore = _aws.RequestCount;
        await using var content = await layer.OpenCompressedAsync(default);

        Assert.Multiple(() =>
        {
            Assert.That(layer.IsLazy);
            Assert.That(layer.Digest, Is.EqualTo(first.Single().Digest));
            Assert.That(callsBefore, Is.Zero);
            Assert.That(_aws.RequestCount, Is.EqualTo(2), "GetLayerVersionByArn and the download");
        });
    }

    [Test]
    public async Task SOURCE_DATE_EPOCH_does_not_change_a_remote_layer()
    {
        AddLayer(1);
        var first = await RestoreAsync(Item($"{Layer}:1"));
        var locked = await File.ReadAllTextAsync(LockPath);

        _environment.Set("SOURCE_DATE_EPOCH", "1700000000");
        var second = await RestoreAsync(Item($"{Layer}:1"));

        Assert.That(second.Single().Digest, Is.EqualTo(first.Single().Digest));
        Assert.That(await File.ReadAllTextAsync(LockPath), Is.EqualTo(locked));
    }

    [Test]
    public async Task An_open_version_is_the_highest_once_and_a_refresh_finds_the_next()
    {
        AddLayer(1);
        AddLayer(12);
        await RestoreAsync(Item(Layer));
        AddLayer(13);

        var stays = await RestoreAsync(Item(Layer));
        var moves = await RestoreAsync(refresh: true, verify: false, Item(Layer));

        Assert.That(stays.Single().Origin.Resolved, Is.EqualTo($"{Layer}:12"));
        Assert.That(moves.Single().Origin.Resolved, Is.EqualTo($"{Layer}:13"));
    }

    [Test]
    public async Task A_layer_that_aws_manages_is_locked_with_its_region_and_another_region_looks_anew()
    {
        _aws.Layers.Add("arn:aws:lambda:::awslayer:managed", Zip("managed"));
        await RestoreAsync(Item("arn:aws:lambda:::awslayer:managed"));
        _aws.ClearCalls();

        await RestoreAsync(Item("arn:aws:lambda:::awslayer:managed"));
        var same = _aws.RequestCount;
        await RestoreAsync(Item("arn:aws:lambda:::awslayer:managed", ("Region", "eu-west-1")));

        Assert.That(same, Is.Zero);
        Assert.That(_aws.Calls.Single(c => c.Operation == "GetLayerVersionByArn").Region, Is.EqualTo("eu-west-1"));
        Assert.That(await File.ReadAllTextAsync(LockPath), Does.Contain("\"region\": \"eu-west-1\""));
    }

    [TestCase("arn:aws:lambda:us-east-1:1:function:x", "LLC2206")]
    [TestCase("arn:aws:lambda:us-east-1:580247275435:layer:tools:0", "LLC2206")]
    [TestCase("arn:aws:lambda:us-east-1:580247275435:layer:nobody:1", "LLC1120")]
    public async Task What_is_no_layer_is_refused_under_its_name(string include, string code)
    {
        var failure = await Failure.OfAsync(() => RestoreAsync(Item(include)));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo(code));
        Assert.That(failure.Message, Does.StartWith($"LambdaLayer '{include}': "));
    }

    [Test]
    public async Task A_lock_file_cannot_put_another_layer_of_the_cache_in_an_arns_place()
    {
        var other = _aws.Layers.Add("arn:aws:lambda:us-east-1:999999999999:layer:other:1", Zip("other"));
        var layer = AddLayer(1);
        await RestoreAsync(Item("arn:aws:lambda:us-east-1:999999999999:layer:other:1"));
        var theirs = Sha256(other);
        File.Delete(LockPath);
        await RestoreAsync(Item($"{Layer}:1"));
        var text = await File.ReadAllTextAsync(LockPath);
        var packed = text.IndexOf(",\n      \"packed\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            LockPath, text[..packed].Replace(Sha256(layer), theirs, StringComparison.Ordinal) + "\n    }\n  ]\n}\n");

        var failure = await Failure.OfAsync(() => RestoreAsync(Item($"{Layer}:1")));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC1126"));
        Assert.That(failure.Message, Does.Contain(theirs).And.Contain(Sha256(layer)));
    }

    [Test]
    public async Task What_the_lock_file_says_a_layer_packs_to_is_compared_with_the_cache_and_with_what_is_made()
    {
        AddLayer(1);
        var made = (await RestoreAsync(Item($"{Layer}:1"))).Single().Digest.ToString();
        var right = await File.ReadAllTextAsync(LockPath);
        var lie = "sha256:" + new string('a', 64);
        await File.WriteAllTextAsync(LockPath, right.Replace(made, lie, StringComparison.Ordinal));

        var warm = await Failure.OfAsync(() => RestoreAsync(Item($"{Layer}:1")));
        var verified = await Failure.OfAsync(() => RestoreAsync(verify: true, Item($"{Layer}:1")));
        Directory.Delete(Cache, recursive: true);
        var cold = await Failure.OfAsync(() => RestoreAsync(Item($"{Layer}:1")));
        await RestoreAsync(refresh: true, verify: false, Item($"{Layer}:1"));

        Assert.Multiple(() =>
        {
            Assert.That(warm.Diagnostic.Code, Is.EqualTo("LLC2209"));
            Assert.That(verified.Diagnostic.Code, Is.EqualTo("LLC3401"));
            Assert.That(cold.Diagnostic.Code, Is.EqualTo("LLC3401"));
            Assert.That(new[] { warm, verified, cold }.Select(f => f.Message), Is.All.Contain(lie).And.All.Contain(made));
            Assert.That(File.ReadAllText(LockPath), Is.EqualTo(right), "an update records it anew");
        });
    }

    [TestCase("\"files\": 1", "\"files\": 2")]
    [TestCase("\"diffId\": \"sha256:", "\"diffId\": \"sha256:0")]
    public async Task Every_thing_that_is_recorded_counts(string from, string to)
    {
        AddLayer(1);
        await RestoreAsync(Item($"{Layer}:1"));
        var text = await File.ReadAllTextAsync(LockPath);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.That(at, Is.Positive);
        // One digit more would be no digest: take the next one away.
        await File.WriteAllTextAsync(LockPath, text[..at] + to + text[(at + from.Length + (to.Length - from.Length))..]);

        var failure = await Failure.OfAsync(() => RestoreAsync(Item($"{Layer}:1")));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC2209"));
    }

    [Test]
    public async Task A_verified_build_makes_everything_once_more_and_accepts_what_is_right()
    {
        AddLayer(1);
        var first = await RestoreAsync(Item($"{Layer}:1"));
        _aws.ClearCalls();

        var second = await RestoreAsync(verify: true, Item($"{Layer}:1"));

        Assert.That(second.Single().Digest, Is.EqualTo(first.Single().Digest));
        Assert.That(second.Single().Origin.FromCache, Is.False);
        Assert.That(_aws.Calls.Select(c => c.Operation), Has.Member("GetLayerVersionByArn"));
    }

    [Test]
    public async Task A_cache_entry_that_leads_nowhere_or_lies_is_made_again(
        [Values("sha256:", "\"size\":1", "\"size\":-", "\"programs\":")] string poison)
    {
        AddLayer(1);
        var first = (await RestoreAsync(Item($"{Layer}:1"))).Single().Digest;
        var mapping = Directory.GetFiles(Path.Combine(Cache, "v1", "packed")).Single();
        var text = await File.ReadAllTextAsync(mapping);
        await File.WriteAllTextAsync(mapping, poison switch
        {
            "sha256:" => text.Replace(first.Hex, new string('b', 64), StringComparison.Ordinal),
            // As an earlier version has written it.
            "\"programs\":" => text.Replace(poison, "\"unknown\":", StringComparison.Ordinal),
            _ => text.Replace("\"size\":", poison, StringComparison.Ordinal),
        });
        Assert.That(await File.ReadAllTextAsync(mapping), Is.Not.EqualTo(text));
        File.Delete(LockPath);

        var second = (await RestoreAsync(Item($"{Layer}:1"))).Single().Digest;

        Assert.That(second, Is.EqualTo(first));
        Assert.That(await File.ReadAllTextAsync(mapping), Is.EqualTo(text));
    }

    [Test]
    public async Task A_zip_from_an_address_is_locked_without_its_query()
    {
        var layer = AddLayer(1);
        var link = new ServedZip(layer.ZipPath);
        using (link)
        {
            var item = Item(link.Url + "?token=planted-secret", ("Sha256", layer.CodeSha256));

            var layers = await RestoreAsync(item);

            var text = await File.ReadAllTextAsync(LockPath);
            Assert.Multiple(() =>
            {
                Assert.That(layers.Single().Facts.Files, Is.EqualTo(1));
                Assert.That(text, Does.Not.Contain("planted-secret").And.Contain(link.Url));
                Assert.That(text, Does.Contain($"\"size\": {new FileInfo(layer.ZipPath).Length}"));
                Assert.That(item.PortableName, Is.EqualTo(link.Url), "image history and summary");
                Assert.That(_log.All, Has.None.Contain("planted-secret"));
            });
        }
    }

    [Test]
    public async Task A_zip_from_an_insecure_address_is_refused()
    {
        var item = Item("http://example.com/x.zip", ("Sha256", new string('a', 64)));

        var failure = await Failure.OfAsync(() => RestoreAsync(item));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC1155"));
    }

    private static string Sha256(FakeLayer layer) =>
        "sha256:" + Convert.ToHexStringLower(Convert.FromBase64String(layer.CodeSha256));

    private Task<IReadOnlyList<Layer>> RestoreAsync(params LayerItem[] items) => RestoreAsync(verify: false, items);

    private Task<IReadOnlyList<Layer>> RestoreAsync(bool verify, params LayerItem[] items) =>
        RestoreAsync(refresh: false, verify, items);

    private async Task<IReadOnlyList<Layer>> RestoreAsync(bool refresh, bool verify, params LayerItem[] items)
    {
        using var engine = Engine(verify);
        var mode = refresh ? RestoreMode.Update : RestoreMode.Restore;
        var restored = await engine.RestoreAsync(items, [Platform.LinuxAmd64], mode, default);
        return [.. restored.Layers.Select(l => l.Layer)];
    }

    private Engine Engine(bool verify = false) => new(
        new EngineOptions(Cache, Environment.GetEnvironmentVariable) { LockFile = LockPath, VerifyLocked = verify }, _log);

    private LayerItem Item(string include, params (string Name, string Value)[] metadata) =>
        LayerItemParser.Parse(
            new ItemOrigin(include), _root.Path, name => metadata.FirstOrDefault(m => m.Name == name).Value ?? "");

    private FakeLayer AddLayer(int version) => _aws.Layers.Add($"{Layer}:{version}", Zip($"version {version}"));

    private string Zip(string content) => new ZipBuilder().File("tool", content).Write(_root, $"{Guid.NewGuid():n}.zip");
}
