using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Packing.Folders;
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
        Assert.That(Find(), Is.EquivalentTo(Dependencies));

    [Test]
    public void Without_a_manifest_nothing_is_a_dependency()
    {
        File.Delete(Path.Combine(Published, "App.deps.json"));

        Assert.That(Find(), Is.Empty);
    }

    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("""{"runtimeTarget":{"name":"x"},"targets":{},"libraries":{}}""")]
    public void A_broken_manifest_is_refused(string json)
    {
        _root.Write("publish/App.deps.json", json);

        Refused.With("LLC3352", () => Find(), "App.deps.json");
    }

    [Test]
    public void A_manifest_cannot_name_files_outside_the_published_ones()
    {
        _root.Write("secret.dll", "");
        _root.Write("publish/App.deps.json", Manifest.Replace("lib/net8.0/InStore.dll", "../secret.dll", StringComparison.Ordinal));

        Assert.That(Find(), Is.EquivalentTo(Dependencies));
    }

    [Test]
    public void The_application_may_lie_anywhere_in_the_image()
    {
        using var tree = DirectoryTree.Open(Published);
        var placed = tree.With([.. tree.Entries.Select(e => e with { Path = "var/task/" + e.Path })]);

        Assert.That(PublishedDependencies.Find(placed, "/var/task", "App"),
            Is.EquivalentTo(Dependencies.Select(path => "var/task/" + path)));
    }

    private IReadOnlySet<string> Find()
    {
        using var tree = DirectoryTree.Open(Published);
        return PublishedDependencies.Find(tree, "", "App");
    }
}
