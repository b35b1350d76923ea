using System.Globalization;

namespace LambdaLayers.Containers.PackageTests.Layers;

public sealed class LockFileStories
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:tools";

    private LayerBuild _build = null!;

    [SetUp]
    public async Task Start()
    {
        _build = await LayerBuild.StartAsync();
        _build.AddLayer($"{Layer}:1", "tool", "one");
        _build.AddLayer($"{Layer}:2", "tool", "two");
    }

    [TearDown]
    public async Task Stop() => await _build.DisposeAsync();

    [Test]
    public async Task An_open_version_stays_until_it_is_updated_and_the_update_shows_before_and_after()
    {
        _build.WriteProject($"""<LambdaLayer Include="{Layer}" />""");
        (await _build.TargetAsync("RestoreLambdaLayers")).EnsureSucceeded();
        _build.AddLayer($"{Layer}:3", "tool", "three");

        (await _build.TargetAsync("RestoreLambdaLayers")).EnsureSucceeded();
        var before = File.ReadAllText(_build.LockFile);
        var update = (await _build.TargetAsync("UpdateLambdaLayers", "-v:m")).EnsureSucceeded();
        var again = (await _build.TargetAsync("UpdateLambdaLayers", "-v:m")).EnsureSucceeded();

        Assert.Multiple(() =>
        {
            Assert.That(before, Does.Contain($"{Layer}:2"));
            Assert.That(File.ReadAllText(_build.LockFile), Does.Contain($"{Layer}:3").And.Not.Contain($"{Layer}:2"));
            Assert.That(update.Output, Does.Contain($"{Layer}: is {Layer}:3, was {Layer}:2"));
            Assert.That(again.Output, Does.Contain("Nothing has changed"));
        });
    }

    [Test]
    public async Task A_list_shows_what_items_are_and_which_have_newer_versions()
    {
        _build.WriteProject($"""<LambdaLayer Include="../Audit/Audit.csproj" /><LambdaLayer Include="{Layer}:1" />""");

        var list = (await _build.TargetAsync("ListLambdaLayers", "-v:m")).EnsureSucceeded();

        var lines = list.Output.Split('\n');
        var row = lines.First(line => line.Contains($"{Layer}:1  ", StringComparison.Ordinal));
        var project = lines.First(line => line.Contains("Audit.csproj", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(row, Does.Contain("linux/amd64").And.Contain("/opt").And.Contain($"{Layer}:2"));
            Assert.That(project, Does.Contain("made by the publish"));
            Assert.That(Array.IndexOf(lines, project), Is.LessThan(Array.IndexOf(lines, row)), "in the order of the items");
            Assert.That(File.Exists(_build.LockFile), Is.False, "a list changes nothing");
        });
    }

    [Test]
    public async Task Locked_mode_says_what_would_change_before_it_asks_anybody()
    {
        _build.WriteProject($"""<LambdaLayer Include="{Layer}:1" />""");
        (await _build.TargetAsync("RestoreLambdaLayers")).EnsureSucceeded();
        _build.WriteProject($"""<LambdaLayer Include="{Layer}:2" />""");
        _build.Aws.ClearCalls();
        var before = File.ReadAllText(_build.LockFile);

        var result = await _build.TargetAsync("RestoreLambdaLayers", "-p:LambdaLayersLockedMode=true");

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Not.Zero);
            Assert.That(result.Output, Does.Contain("error LLC2204")
                .And.Contain($"{Layer}:2 is not in the lock file")
                .And.Contain($"{Layer}:1 is in the lock file, but the project does not use it"));
            Assert.That(_build.Aws.RequestCount, Is.Zero);
            Assert.That(File.ReadAllText(_build.LockFile), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task An_offline_publish_works_with_lock_file_and_cache_and_otherwise_lists_all_that_is_missing()
    {
        _build.WriteProject($"""<LambdaLayer Include="{Layer}:1" /><LambdaLayer Include="{Layer}:2" TargetPath="/opt/two" />""");
        (await _build.TargetAsync("RestoreLambdaLayers")).EnsureSucceeded();
        _build.Aws.ClearCalls();
        foreach (var name in _build.Aws.Environment().Keys)
        {
            _build.Sandbox.Environment.Remove(name);
        }

        var warm = await _build.PublishAsync("-p:LambdaLayersOffline=true");
        _build.EmptyCaches();
        var cold = await _build.PublishAsync("-p:LambdaLayersOffline=true");
        File.Delete(_build.LockFile);
        var unknown = await _build.PublishAsync("-p:LambdaLayersOffline=true");

        Assert.Multiple(() =>
        {
            Assert.That(warm.Succeeded, warm.Output);
            Assert.That(cold.Output, Does.Contain("error LLC2210").And.Contain($"the zip of {Layer}:1")
                .And.Contain($"the zip of {Layer}:2"));
            Assert.That(unknown.Output, Does.Contain("error LLC2210").And.Contain($"what {Layer}:1 is").And.Contain($"what {Layer}:2 is"));
            Assert.That(_build.Aws.RequestCount, Is.Zero);
        });
    }

    [Test]
    public async Task Four_publishes_at_once_on_one_empty_cache_download_once_or_harmlessly_twice()
    {
        _build.WriteProject($"""<LambdaLayer Include="{Layer}:1" /><LambdaLayer Include="{Layer}:2" TargetPath="/opt/two" />""");
        await _build.Sandbox.BuildOnceAsync(_build.Project);
        _build.Sandbox.Timeout = TimeSpan.FromMinutes(10);
        var archives = Enumerable.Range(0, 4)
            .Select(i => _build.Sandbox.File("images", string.Create(CultureInfo.InvariantCulture, $"{i}.tar"))).ToList();

        // Of what is built already: four compilations of one project would be in each other's way.
        var results = await Task.WhenAll(archives.Select(archive => _build.Sandbox.RunAsync(
            "publish", _build.Project, "--no-build", "-t:PublishContainer", "-c", "Release", "-m:1",
            $"-p:ContainerArchiveOutputPath={archive}", $"-p:PublishDir={archive}.files/")));

        var downloads = _build.Aws.Calls.Count(c => c.Service == "s3");
        var after = (await _build.TargetAsync("RestoreLambdaLayers", "-p:LambdaLayersOffline=true", "-p:LambdaLayersLockedMode=true"));
        Assert.Multiple(() =>
        {
            Assert.That(results.Where(r => !r.Succeeded).Select(r => r.Output), Is.Empty);
            Assert.That(archives, Has.All.Exist);
            Assert.That(downloads, Is.InRange(2, 4));
            Assert.That(after.Succeeded, after.Output);
        });
    }
}
