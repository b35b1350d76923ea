using System.Text.RegularExpressions;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests;

/// <summary>The engine's folders in the order of docs/architecture.md: each may use only those before it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Order =
        ["Diagnostics", "Content", "Http", "Oci", "Packing", "Aws", "Layers", "Images", "Deployment"];

    private static string Core => Repository.PathOf("src", "LambdaLayers.Containers.Core");

    [Test]
    public void Every_folder_of_the_engine_has_its_place_in_the_order()
    {
        var folders = Directory.GetDirectories(Core).Select(Path.GetFileName).Except(["bin", "obj"]);

        Assert.That(folders, Is.EquivalentTo(Order));
    }

    [TestCaseSource(nameof(Order))]
    public void A_folder_uses_only_those_before_it(string folder)
    {
        var allowed = Order.TakeWhile(f => f != folder).Append(folder).ToHashSet();

        var offences = Uses(folder).Where(use => !allowed.Contains(use.Folder)).Select(use => $"{use.File} uses {use.Folder}");

        Assert.That(offences, Is.Empty);
    }

    [Test]
    public void Only_the_Aws_folder_sees_the_AWS_SDK()
    {
        var offences = Sources(Core)
            .Where(file => AmazonName().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Core, file))
            .Where(file => !file.StartsWith("Aws" + Path.DirectorySeparatorChar, StringComparison.Ordinal));

        Assert.That(offences, Is.Empty);
    }

    [Test]
    public void The_engine_does_not_know_MSBuild()
    {
        var references = typeof(Engine).Assembly.GetReferencedAssemblies().Select(a => a.Name);

        Assert.That(references, Has.None.StartsWith("Microsoft.Build"));
    }

    [Test]
    public void The_loopback_registry_depends_on_nothing_but_the_framework_and_its_own_kind()
    {
        var uses = Sources(Path.Combine(Core, "Oci", "Staging"))
            .SelectMany(file => UsingLine().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value))
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal))
            .Distinct();

        Assert.That(uses, Is.SubsetOf(new[]
        {
            "LambdaLayers.Containers.Core.Content", "LambdaLayers.Containers.Core.Diagnostics",
            "LambdaLayers.Containers.Core.Oci",
        }));
    }

    private static IEnumerable<(string File, string Folder)> Uses(string folder) =>
        from file in Sources(Path.Combine(Core, folder))
        from Match match in CoreName().Matches(File.ReadAllText(file))
        where Order.Contains(match.Groups[1].Value)
        select (Path.GetRelativePath(Core, file), match.Groups[1].Value);

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"LambdaLayers\.Containers\.Core\.(\w+)")]
    private static partial Regex CoreName();

    [GeneratedRegex(@"^\s*using (?:static |global::)?Amazon\.|\bAmazon\.(Runtime|Util|RegionEndpoint|SecurityToken|SSO)", RegexOptions.Multiline)]
    private static partial Regex AmazonName();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
