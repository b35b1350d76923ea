using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>
/// What this run has built: stories about images need a built project, and most of them the same one, so that it is
/// restored and compiled once and copied to where the next story publishes it with <c>--no-build</c>.
/// </summary>
internal static partial class BuiltProjects
{
    private static readonly string[] Outputs = ["bin", "obj"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Kept = new();

    /// <summary>Gives a project that has none the outputs of a build: its own, if it is the first with these sources.</summary>
    /// <param name="root">The sandbox's, whose name is in the sources and does not make them others.</param>
    /// <param name="project">The csproj.</param>
    /// <param name="build">Restores and builds it for Release, with each of the runtime identifiers that it has several of.</param>
    public static async Task GiveAsync(string root, string project, Func<IReadOnlyList<string>, Task> build)
    {
        var folder = Path.GetDirectoryName(project)!;
        if (Directory.Exists(Path.Combine(folder, "obj")))
            return;
        var document = XDocument.Load(project);
        var key = Key(root, project, document);
        var kept = await Kept.GetOrAdd(key, _ => new Lazy<Task<string>>(async () =>
        {
            await build(RuntimeIdentifiers(document));
            var store = Path.Combine(PackedPackage.SharedBuilds, key);
            Copy(folder, store);
            return store;
        })).Value;
        if (!Directory.Exists(Path.Combine(folder, "obj")))
            Copy(kept, folder);
    }

    // What a compiler makes of a project does not depend on its layers, or on the port of a story's registry.
    private static string Key(string root, string project, XDocument document)
    {
        document.Descendants()
            .Where(e => e.Attribute("Include") is not null && e.Name.LocalName is var name
                && (name == "LambdaLayer" || name.StartsWith("Container", StringComparison.Ordinal)))
            .Remove();
        var text = new StringBuilder(Path.GetFileName(project)).Append(document);
        foreach (var source in Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            text.Append(source).Append(File.ReadAllText(source));
        }

        var same = LoopbackPort().Replace(text.ToString().Replace(root, "", StringComparison.Ordinal), "localhost");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(same)))[..16];
    }

    private static string[] RuntimeIdentifiers(XDocument document) =>
        document.Descendants("RuntimeIdentifiers").SingleOrDefault()?.Value.Split(';') ?? [];

    private static void Copy(string from, string to)
    {
        foreach (var file in Outputs.Select(output => Path.Combine(from, output)).Where(Directory.Exists)
            .SelectMany(output => Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [GeneratedRegex(@"\b(localhost|127\.0\.0\.1):\d+")]
    private static partial Regex LoopbackPort();
}
