using System.Text;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Aws;

namespace LambdaLayers.Containers.PackageTests.Layers;

public sealed class SecretStories
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:tools:1";

    [Test]
    public async Task Keys_tokens_and_presigned_links_are_in_no_log_and_in_no_file()
    {
        await using var build = await LayerBuild.StartAsync();
        var key = AwsKey.Create("planted", DateTimeOffset.UtcNow.AddHours(1));
        build.Aws.Accept(key);
        foreach (var (name, value) in key.Environment)
        {
            build.Sandbox.Environment[name] = value;
        }

        var layer = build.AddLayer(Layer, "tool", new string('x', 100_000));
        layer.Faults.Cuts = 1;
        layer.Faults.ExpiredLinks = 1;
        build.WriteProject($"""<LambdaLayer Include="{Layer}" />""");

        var good = (await build.PublishAsync("-v:diag")).EnsureSucceeded();
        build.EmptyCaches();
        layer.Faults.WrongBytes = true;
        var bad = await build.PublishAsync("-v:diag", "-p:ContainerRepository=other");

        string[] secrets = [key.SecretAccessKey, key.SessionToken!, "presigned-token", "X-Amz-Signature", "X-Amz-Security-Token"];
        Assert.That(bad.Output, Does.Contain("error LLC1152"), "the failure that has a link at hand");
        foreach (var (place, text) in Places(build, good.Output, bad.Output, good.BinlogPath!, bad.BinlogPath!))
        {
            Assert.That(secrets.Where(s => text.Contains(s, StringComparison.Ordinal)), Is.Empty, place);
        }
    }

    private static IEnumerable<(string Place, string Text)> Places(
        LayerBuild build, string good, string bad, string goodLog, string badLog)
    {
        yield return ("the console", good);
        yield return ("the console of the failure", bad);
        yield return ("the binary log", Binlog(goodLog));
        yield return ("the binary log of the failure", Binlog(badLog));
        var project = Path.GetDirectoryName(build.Project)!;
        var files = Directory.GetFiles(project, "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(build.Cache, "*", SearchOption.AllDirectories)).ToList();
        Assert.That(files, Does.Contain(build.LockFile));
        foreach (var file in files)
        {
            yield return (file, Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        }
    }

    private static string Binlog(string path)
    {
        var content = BuildLog.Raw(path);
        Assert.That(content, Does.Contain(Layer), "the log is readable");
        return content;
    }
}
