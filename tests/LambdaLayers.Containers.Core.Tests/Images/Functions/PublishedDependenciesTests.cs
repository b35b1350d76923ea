using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Tests.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

public sealed class PublishedDependenciesTests
{
    private const string Manifest = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
          "targets": {
            ".NETCoreApp,Version=v10.0": {},
            ".NETCoreApp,Version=v10.0/linux-x64": {
              "App/1.0.0": { "runtime": { "App.dll": {} } },
              "Shared/1.0.0": { "runtime": { "Shared.dll": {} } },
              "Json/13.0.3": {
                "runtime": { "lib/net8.0/Json.dll": {} },
                "resources": { "lib/net8.0/de/Json.resources.dll": { "locale": "de" } }
              },
              "Sqlite/2.0.0": { "runtimeTargets": { "runtimes/linux-x64/native/libsqlite.so": { "assetType": "native" } } },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": {
                "runtime": { "System.Runtime.dll": {} }, "native": { "libcoreclr.so": {} }
              },
              "InStore/1.0.0": { "runtime": { "lib/net8.0/InStore.dll": {} } }
            }
          },
          "libraries": {
            "App/1.0.0": { "type": "project" },
            "Shared/1.0.0": { "type": "project" },
            "Json/13.0.3": { "type": "package" },
            "Sqlite/2.0.0": { "type": "package" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "type": "runtimepack" },
            "InStore/1.0.0": { "type": "package" }
          }
        }
        """;

    private static readonly string[] Dependencies =
        ["Json.dll", "System.Runtime.dll", "de/Json.resources.dll", "libcoreclr.so", "runtimes/linux-x64/native/libsqlite.so"];

    private TempRoot _root = null!;

    private string Published => _root.Folder("publish");

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        _root.Write("publish/App.deps.json", Manifest);
        foreach (var file in (string[])["App", "App.dll", "Shared.dll", "wwwroot/site.css", .. Dependencies])
            _root.Write("publish/" + file, file);
    }

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void Files_of_packages_and_the_runtime_are_found_where_publish_puts_them() =>
        Assert.That(PublishedDependencies.Find(Published, "App"), Is.EqualTo(Dependencies));

    [Test]
    public void Without_a_manifest_nothing_is_a_dependency()
    {
        File.Delete(Path.Combine(Published, "App.deps.json"));

        Assert.That(PublishedDependencies.Find(Published, "App"), Is.Empty);
    }

    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("""{"runtimeTarget":{"name":"x"},"targets":{},"libraries":{}}""")]
    public void A_broken_manifest_is_refused(string json)
    {
        _root.Write("publish/App.deps.json", json);

        Refused.With("LLC3352", () => PublishedDependencies.Find(Published, "App"), "App.deps.json");
    }

    [Test]
    public void A_manifest_cannot_name_files_outside_the_published_ones()
    {
        _root.Write("secret.dll", "");
        _root.Write("publish/App.deps.json", Manifest.Replace("lib/net8.0/InStore.dll", "../secret.dll", StringComparison.Ordinal));

        Assert.That(PublishedDependencies.Find(Published, "App"), Is.EqualTo(Dependencies));
    }

    [Test]
    public void What_stays_is_copied_with_its_modes_and_the_published_folder_is_left_alone()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(Published, "App"), (UnixFileMode)0b111_101_101);
        var staged = _root.File("obj", "staged");
        _root.Write("obj/staged/left-over.dll", "");
        var before = Files(Published);

        SplitPublishDirectory.Run(Published, staged, PublishedDependencies.Find(Published, "App"));

        Assert.That(Files(staged), Is.EqualTo(new[] { "App", "App.deps.json", "App.dll", "Shared.dll", "wwwroot/site.css" }));
        Assert.That(Files(Published), Is.EqualTo(before));
        Assert.That(Directory.Exists(Path.Combine(staged, "de")), Is.False);
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Path.Combine(staged, "App")), Is.EqualTo((UnixFileMode)0b111_101_101));
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
