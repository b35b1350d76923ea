using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Xml.Linq;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>What is in the nupkg, to the last file: nothing gets in or out unnoticed.</summary>
public sealed class PackageContentTests
{
    private PackedPackage _package = null!;

    [OneTimeSetUp]
    public async Task Pack() => _package = await PackedPackage.GetAsync();

    [Test]
    public void The_package_holds_exactly_these_files()
    {
        using var zip = ZipFile.OpenRead(_package.NupkgPath);

        // Parts of the container format, one with a random name, are NuGet's business.
        var entries = zip.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal);

        Approved.Check("LambdaLayers.Containers.PackageTests", "Package.approved.txt", string.Join('\n', entries) + "\n");
    }

    [Test]
    public void The_nuspec_says_what_NuGet_and_people_need()
    {
        using var zip = ZipFile.OpenRead(_package.NupkgPath);
        using var nuspec = zip.GetEntry("LambdaLayers.Containers.nuspec")!.Open();

        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
        var repository = metadata.Elements().Single(e => e.Name.LocalName == "repository");

        Assert.Multiple(() =>
        {
            Assert.That(Value("id"), Is.EqualTo("LambdaLayers.Containers"));
            Assert.That(Value("developmentDependency"), Is.EqualTo("true"));
            Assert.That(Value("license"), Is.EqualTo("MIT"));
            Assert.That(Value("readme"), Is.EqualTo("README.md"));
            Assert.That(Value("icon"), Is.EqualTo("icon.png"));
            Assert.That(Value("description"), Does.Contain("Lambda"));
            Assert.That(Value("tags"), Does.Contain("lambda"));
            Assert.That(Value("projectUrl"), Does.StartWith("https://"));
            Assert.That(repository.Attribute("type")?.Value, Is.EqualTo("git"));
            Assert.That(repository.Attribute("url")?.Value, Does.StartWith("https://"));
            Assert.That(metadata.Descendants().Where(e => e.Name.LocalName == "dependency"), Is.Empty);
        });
    }

    [Test]
    public void Debug_symbols_are_inside_our_assemblies()
    {
        using var zip = ZipFile.OpenRead(_package.NupkgPath);
        var own = zip.Entries.Where(e =>
            e.Name.StartsWith("LambdaLayers.", StringComparison.Ordinal) && e.Name.EndsWith(".dll", StringComparison.Ordinal)).ToList();

        Assert.That(own, Has.Count.EqualTo(2));
        foreach (var entry in own)
        {
            using var image = new PEReader(new MemoryStream(Read(entry)));
            Assert.That(
                image.ReadDebugDirectory().Select(e => e.Type), Does.Contain(DebugDirectoryEntryType.EmbeddedPortablePdb), entry.Name);
        }
    }

    [Test]
    public void The_tasks_load_with_the_dependencies_that_lie_beside_them()
    {
        using var tasks = PackedTasks.Load(_package);

        var references = tasks.Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();
        var core = tasks.LoadCore();

        Assert.That(references, Does.Contain("LambdaLayers.Containers.Core").And.Contain("Microsoft.Build.Framework"));
        Assert.That(core.GetReferencedAssemblies().Select(name => name.Name), Does.Contain("AWSSDK.Core"));
        foreach (var name in core.GetReferencedAssemblies())
        {
            Assert.That(() => tasks.LoadFromAssemblyName(name), Throws.Nothing, name.Name);
        }
    }

    [Test]
    public async Task Compiling_again_makes_the_same_assemblies()
    {
        var environment = CleanEnvironment.Create();
        environment["MSBUILDDISABLENODEREUSE"] = "1";

        // Where the package itself was built, because paths of sources are in the symbols; one at a time may build there.
        var artifacts = Repository.PathOf("artifacts", "test-package");
        await using var turn = await FileLock.AcquireAsync(Path.Combine(artifacts, ".lock"), TimeSpan.FromMinutes(10));
        await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("dotnet"),
            [
                "build", Repository.PathOf("src", PackedPackage.Id, $"{PackedPackage.Id}.csproj"), "--nologo", "--no-restore",
                "--no-incremental", "--configuration", "Release", "--artifacts-path", artifacts, "-p:RunAnalyzers=false",
                "-p:UseSharedCompilation=true",
                $"-p:PackageVersion={_package.Version}",
            ])
            {
                WorkingDirectory = Repository.Root,
                Environment = environment,
                ReplaceEnvironment = true,
                Timeout = TimeSpan.FromMinutes(5),
            },
            CancellationToken.None);

        using var zip = ZipFile.OpenRead(_package.NupkgPath);
        foreach (var name in new[] { "LambdaLayers.Containers.dll", "LambdaLayers.Containers.Core.dll",
            "LambdaLayers.Containers.deps.json" })
        {
            var built = await File.ReadAllBytesAsync(Path.Combine(artifacts, "bin", PackedPackage.Id, "release", name));
            Assert.That(SHA256.HashData(built), Is.EqualTo(SHA256.HashData(Read(zip.GetEntry($"tasks/net10.0/{name}")!))), name);
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
