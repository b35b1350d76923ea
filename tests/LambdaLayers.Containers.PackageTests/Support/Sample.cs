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
        if (!File.Exists(project))
            return UsePackage(sandbox, sandbox.File("src", name, name + ".proj"));
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

    /// <summary>The Dockerfile that a sample's README shows.</summary>
    public static string Dockerfile(string name)
    {
        var readme = File.ReadAllText(Repository.PathOf("samples", name, "README.md"));
        var start = readme.IndexOf("```dockerfile\n", StringComparison.Ordinal) + "```dockerfile\n".Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    /// <summary>A project or Dockerfile that gets the images of AWS, of Docker and of the sample's account from a registry.</summary>
    public static string FromRegistry(string text, string registry) => text
        .Replace("public.ecr.aws/docker/library/", $"{registry}/docker/library/", StringComparison.Ordinal)
        .Replace("public.ecr.aws/lambda/", $"{registry}/lambda/", StringComparison.Ordinal)
        .Replace($"{RegistryInDocuments}/", $"{registry}/", StringComparison.Ordinal);

    // The SDK's version is no property: it is read before there are any.
    private static string UsePackage(DotnetSandbox sandbox, string project)
    {
        const string Sdk = "Sdk=\"LambdaLayers.Containers/1.0.0\"";
        var text = File.ReadAllText(project);
        if (!text.Contains(Sdk, StringComparison.Ordinal))
            throw new InvalidOperationException($"{project} does not use the package as samples do.");
        File.WriteAllText(project, text.Replace(Sdk, Sdk.Replace("1.0.0", sandbox.Package!.Version, StringComparison.Ordinal),
            StringComparison.Ordinal));
        return project;
    }
}
