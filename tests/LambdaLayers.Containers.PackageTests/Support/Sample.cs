using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>A project of samples/, copied to where the package under test is the one that it restores.</summary>
public static class Sample
{
    // The registry that the READMEs push to.
    private const string RegistryInDocuments = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

    /// <summary>The publishing commands of a sample's README, as they stand there.</summary>
    public static IReadOnlyList<string> Commands(string name) =>
    [
        .. File.ReadLines(Repository.PathOf("samples", name, "README.md"))
            .Where(line => line.StartsWith($"dotnet publish samples/{name}", StringComparison.Ordinal)),
    ];

    /// <summary>What a README's command says after the project, with another registry than the one that it names.</summary>
    public static string[] ArgumentsOf(string command, string registry) =>
        [.. command.Replace(RegistryInDocuments, registry, StringComparison.Ordinal).Split(' ').Skip(3)];

    /// <summary>Copies the sample's sources and gives the copy's project file.</summary>
    public static string CopyTo(DotnetSandbox sandbox, string name)
    {
        // Not every feed has the package that AWS's users refer to.
        sandbox.Environment["ReferenceAmazonLambdaCore"] = "false";
        var source = Repository.PathOf("samples", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, file);
            if (relative.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
                File.Copy(file, sandbox.File(["src", name, .. relative.Split(Path.DirectorySeparatorChar)]));
        }

        var project = sandbox.File("src", name, name + ".csproj");
        const string Reference = "Include=\"LambdaLayers.Containers\" Version=\"1.0.0\"";
        var text = File.ReadAllText(project);
        // An extension project needs nothing of the package.
        if (text.Contains("LambdaLayers.Containers", StringComparison.Ordinal)
            && !text.Contains(Reference, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name} does not reference the package as samples do.");
        }

        File.WriteAllText(project,
            text.Replace(Reference, Reference.Replace("1.0.0", "$(LambdaLayersTestVersion)", StringComparison.Ordinal),
                StringComparison.Ordinal));
        return project;
    }
}
