using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>The same sources are the same image, whoever publishes them, where and when: then nothing is pushed.</summary>
public sealed class ReproducibleStories
{
    private const string Items = """
        <LambdaLayer Include="layer.zip" />
        <LambdaLayer Include="tools/" TargetPath="/opt/tools" />
        <LambdaLayer Include="../AuditExtension/AuditExtension.csproj" AdditionalProperties="PublishSelfContained=false;PublishSingleFile=false;PublishTrimmed=false" />
        <ContainerLabel Include="endpoint" Value="https://example.com:8443/a" />
        """;

    [Test]
    public async Task Two_users_in_two_folders_time_zones_and_umasks_a_day_apart_publish_one_image()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/dotnet", "10", dotnet: true);
        registry.ImmutableTags = repository => repository == "fn";

        // The bill of materials is the same too, and attached once.
        var first = await PublishAsync(registry, "Asia/Tokyo", "022", TimeSpan.Zero, "-m:1");
        registry.Clear();
        var second = await PublishAsync(registry, "America/New_York", "077", TimeSpan.FromDays(1), "-m:4");

        Assert.That(second.Digest, Is.EqualTo(first.Digest));
        Assert.That(second.Root, Is.Not.EqualTo(first.Root));
        var requests = registry.Requests.Where(r => r.Repository == "fn").ToList();
        Assert.That(requests.Where(r => r.IsWrite), Is.Empty, "what is there is not pushed, and an immutable tag not touched");
        Assert.That(requests, Has.Count.EqualTo(2), "the tag's manifest, and what is attached to it");
        Assert.That(second.Sbom, Is.EqualTo(first.Sbom));
        var sbom = JsonNode.Parse(first.Sbom)!;
        var names = sbom["components"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()).ToList();
        Assert.That(
            names, Is.EqualTo(new[] { $"{registry.Host}/lambda/dotnet", "layer.zip", "tools", "../AuditExtension/AuditExtension.csproj",
                "Fn" }));
        Assert.That(sbom["metadata"]!["component"]!["version"]!.GetValue<string>(), Is.EqualTo(first.Digest));
        using var http = new HttpClient();
        var referrers = JsonNode.Parse(await http.GetStringAsync(new Uri(registry.Uncounted, $"/v2/fn/referrers/{first.Digest}")))!;
        Assert.That(
            referrers["manifests"]!.AsArray().Select(m => m!["artifactType"]!.GetValue<string>()),
            Is.EqualTo(new[] { "application/vnd.cyclonedx+json" }));
        var image = await StoredImage.OpenAsync($"docker://{registry.Uncounted.Authority}/fn:1");
        foreach (var layer in image.Layers)
        {
            foreach (var entry in layer.Entries().Where(e => e.DataStream is not null))
            {
                var content = new MemoryStream();
                entry.DataStream!.CopyTo(content);
                foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
                {
                    Assert.That(
                        content.ToArray().AsSpan().IndexOf(encoding.GetBytes(first.Root)), Is.EqualTo(-1),
                            $"{entry.Name} names the folder");
                }
            }
        }
    }

    private static async Task<(string Digest, string Root, string Sbom)> PublishAsync(
        EmbeddedRegistry registry, string zone, string umask, TimeSpan later, string nodes)
    {
        using var sandbox = await DotnetSandbox.CreateAsync();
        sandbox.UsesBuildServer = false;
        sandbox.Umask = umask;
        sandbox.Environment["TZ"] = zone;
        sandbox.Environment["USER"] = sandbox.Environment["LOGNAME"] = $"user{umask}";
        sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
        sandbox.Write("src/Fn/tools/bin/run", "#!/bin/sh\n");
        sandbox.Write("src/Fn/tools/data.txt", "data\n");
        Sample.CopyTo(sandbox, "AuditExtension");
        var project = new FunctionProject
        {
            Items = Items,
            Properties = $"""
                <ContainerBaseImage>{registry.Host}/lambda/dotnet:10</ContainerBaseImage>
                <ContainerRegistry>{registry.Host}</ContainerRegistry>
                <AWSProjectType>Lambda</AWSProjectType>
                <LambdaHandler>Fn</LambdaHandler>
                <LambdaSbom>Referrer</LambdaSbom>
                """,
            Program = """
                System.Console.WriteLine(Where());
                static string Where([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
                """,
        }.Write(sandbox);
        foreach (var file in Directory.EnumerateFiles(sandbox.File("src"), "*", SearchOption.AllDirectories))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, Mode(file) & ~(UnixFileMode)Convert.ToInt32(umask, 8));
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc) + later);
        }

        await sandbox.PublishContainerAsync(project, nodes);

        var digest = registry.Storage.FindManifest("fn", "1")!.Digest;
        var output = Path.Combine(sandbox.Path, "src", "Fn", "bin", "Release", "net10.0", "linux-x64");
        Assert.That(await File.ReadAllTextAsync(Path.Combine(output, "lambda-image.json")), Does.Contain($"@{digest}"));
        return (digest, sandbox.Path, await File.ReadAllTextAsync(Path.Combine(output, "lambda-image.cdx.json")));
    }

    private static UnixFileMode Mode(string file) =>
        (UnixFileMode)(Path.GetFileName(file) == "run" ? 0b111_101_101 : 0b110_100_100);
}
