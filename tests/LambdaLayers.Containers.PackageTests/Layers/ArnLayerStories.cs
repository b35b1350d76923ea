using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.PackageTests.Layers;

public sealed class ArnLayerStories
{
    private const string Virginia = "arn:aws:lambda:us-east-1:580247275435:layer:Insights:53";
    private const string Ireland = "arn:aws:lambda:eu-west-1:901920570463:layer:otel:4";
    private const string Beijing = "arn:aws-cn:lambda:cn-north-1:488211338238:layer:agent:7";
    private const string ThreeItems = $"""
        <LambdaLayer Include="{Virginia}" />
        <LambdaLayer Include="{Ireland}" />
        <LambdaLayer Include="{Beijing}" TargetPath="/opt" />
        """;

    private LayerBuild _build = null!;

    [SetUp]
    public async Task Start() => _build = await LayerBuild.StartAsync();

    [TearDown]
    public async Task Stop() => await _build.DisposeAsync();

    [Test]
    public async Task Layers_of_two_regions_and_partitions_are_in_the_image_in_the_order_of_the_items()
    {
        AddThree();
        _build.WriteProject(ThreeItems);

        var result = (await _build.PublishAsync("-v:n")).EnsureSucceeded();

        var config = await StoredImage.ConfigAsync($"docker://{_build.Registry.Uncounted.Authority}/fn:1");
        var history = config.GetProperty("history").EnumerateArray().Select(h => h.GetProperty("created_by").GetString()).ToList();
        var root = await _build.UnpackAsync();
        var onlyFiles = Directory.GetFiles(Path.Combine(root, "opt", "only"));
        Assert.Multiple(() =>
        {
            Assert.That(history.Take(3), Is.EqualTo(
                new[] { $"LambdaLayer {Virginia}", $"LambdaLayer {Ireland}", $"LambdaLayer {Beijing}" }));
            Assert.That(File.ReadAllText(Path.Combine(root, "opt", "shared.txt")), Is.EqualTo("third"), "a later layer wins");
            Assert.That(onlyFiles, Has.Length.EqualTo(3));
            Assert.That(Calls("GetLayerVersionByArn").Select(c => c.Region).Order(),
                Is.EqualTo(new[] { "cn-north-1", "eu-west-1", "us-east-1" }));
            Assert.That(result.Output, Does.Contain("The layers come from cn-north-1, eu-west-1, us-east-1."));
        });
    }

    [Test]
    public async Task A_second_publish_asks_nobody_and_neither_does_one_to_a_registry_that_has_the_layers()
    {
        AddThree();
        _build.WriteProject(ThreeItems);
        (await _build.PublishAsync()).EnsureSucceeded();
        var locked = File.ReadAllText(_build.LockFile);
        var written = File.GetLastWriteTimeUtc(_build.LockFile);
        _build.Aws.ClearCalls();

        (await _build.PublishAsync()).EnsureSucceeded();
        var warm = _build.Aws.RequestCount;
        _build.EmptyCaches();
        (await _build.PublishAsync("-p:LambdaLayersLockedMode=true")).EnsureSucceeded();
        var cold = _build.Aws.RequestCount;
        var blobs = Directory.Exists(_build.Cache)
            ? Directory.GetFiles(_build.Cache, "*", SearchOption.AllDirectories).Where(f => f.Contains("/blobs/")).ToList()
            : [];

        Assert.Multiple(() =>
        {
            Assert.That(warm, Is.Zero, "lock file and warm cache");
            Assert.That(cold, Is.Zero, "lock file and a destination that has the layers");
            Assert.That(blobs, Is.Empty, "nothing was fetched, and nothing packed but the application, which is not kept");
            Assert.That(File.ReadAllText(_build.LockFile), Is.EqualTo(locked));
            Assert.That(File.GetLastWriteTimeUtc(_build.LockFile), Is.EqualTo(written), "not even touched");
        });
    }

    [Test]
    public async Task A_changed_zip_behind_the_same_arn_fails_the_publish_and_nothing_is_published()
    {
        var layer = _build.AddLayer(Virginia, "shared.txt", "good");
        _build.WriteProject($"""<LambdaLayer Include="{Virginia}" />""");
        (await _build.TargetAsync("RestoreLambdaLayers")).EnsureSucceeded();
        _build.EmptyCaches();
        layer.ZipPath = _build.AddLayer("arn:aws:lambda:us-east-1:580247275435:layer:other:1", "shared.txt", "evil").ZipPath;

        var sameClaim = await _build.PublishAsync();
        layer.Reread();
        var newClaim = await _build.PublishAsync();

        Assert.Multiple(() =>
        {
            Assert.That(sameClaim.ExitCode, Is.Not.Zero);
            Assert.That(sameClaim.Output, Does.Contain("error LLC115").And.Contain(Virginia));
            Assert.That(newClaim.ExitCode, Is.Not.Zero);
            Assert.That(newClaim.Output, Does.Contain("error LLC1126").And.Contain(Virginia));
            Assert.That(_build.Registry.Requests.Where(r => r.Method is not ("HEAD" or "GET")), Is.Empty, "nothing was pushed");
        });
    }

    [Test]
    public async Task A_layer_for_another_architecture_is_refused_from_the_lock_file_too()
    {
        var layer = _build.AddLayer(Virginia, "shared.txt", "x");
        layer.CompatibleArchitectures = ["arm64"];
        layer.CompatibleRuntimes = ["python3.12"];
        _build.WriteProject($"""<LambdaLayer Include="{Virginia}" />""");
        (await _build.TargetAsync("RestoreLambdaLayers")).EnsureSucceeded();
        _build.Aws.ClearCalls();

        var wrong = await _build.PublishAsync();
        var right = await _build.PublishAsync("-p:ContainerRuntimeIdentifier=linux-arm64");

        Assert.Multiple(() =>
        {
            Assert.That(wrong.ExitCode, Is.Not.Zero);
            Assert.That(wrong.Output, Does.Contain("error LLC3301"));
            Assert.That(right.Succeeded, right.Output);
            Assert.That(right.Output, Does.Contain("warning LLC3304").And.Contain("python3.12"));
            Assert.That(_build.Aws.RequestCount, Is.Zero);
        });
    }

    private void AddThree()
    {
        _build.AddLayer(Virginia, "shared.txt", "first");
        _build.AddLayer(Ireland, "shared.txt", "second");
        _build.AddLayer(Beijing, "shared.txt", "third");
    }

    private List<TestKit.Aws.AwsCall> Calls(string operation) => [.. _build.Aws.Calls.Where(c => c.Operation == operation)];
}
