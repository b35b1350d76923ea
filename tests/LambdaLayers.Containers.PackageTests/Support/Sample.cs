using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>A project of samples/, copied to where the package under test is the one that it restores.</summary>
public static class Sample
{
    /// <summary>Copies the sample's sources and gives the copy's project file.</summary>
    public static string CopyTo(DotnetSandbox sandbox, string name)
    {
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
