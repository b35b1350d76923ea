using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>The names that users' projects depend on, read from the package and the sources.</summary>
internal static partial class Contract
{
    /// <summary>Every build file of the repository that goes into the package.</summary>
    private static readonly Lazy<IReadOnlyList<XDocument>> BuildFiles = new(() =>
    [
        .. Directory.EnumerateFiles(Repository.PathOf("build"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".props" or ".targets").Order(StringComparer.Ordinal).Select(file =>
                XDocument.Load(file)),
    ]);

    /// <summary>Targets that users may call or hook, in order of name.</summary>
    public static IReadOnlyList<string> Targets =>
    [
        .. BuildFiles.Value.SelectMany(file => file.Descendants().Where(e => e.Name.LocalName == "Target"))
            .Select(target => target.Attribute("Name")!.Value).Where(name => name[0] != '_').Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Properties of ours that the build files read, in order of name.</summary>
    public static IReadOnlyList<string> Properties =>
    [
        .. BuildFiles.Value.SelectMany(file => OwnProperty().Matches(file.ToString())).Select(match => match.Groups[1].Value)
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Item types that the build files declare to IDEs.</summary>
    public static IReadOnlyList<string> Items =>
    [
        .. BuildFiles.Value.SelectMany(file => file.Descendants().Where(e => e.Name.LocalName == "AvailableItemName"))
            .Select(item => item.Attribute("Include")!.Value).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Metadata of <c>LambdaLayer</c>: what the parser asks for, whatever the kind, and what the targets read.</summary>
    public static IReadOnlyList<string> Metadata =>
    [
        .. Enum.GetNames<LayerKind>().SelectMany(MetadataRead)
            .Concat(BuildFiles.Value.SelectMany(file => LayerMetadata().Matches(file.ToString())).Select(match => match.Groups[1].Value))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Codes of the messages that the sources and the targets can give, each as often as it stands there.</summary>
    public static IReadOnlyList<string> CodesInSources =>
    [
        .. Sources().SelectMany(file => CodeLiteral().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Codes of the messages that the sources and the targets can give.</summary>
    public static IReadOnlyList<string> Codes => [.. CodesInSources.Distinct()];

    /// <summary>All of it as text, one line a name.</summary>
    public static string Describe(PackedPackage package)
    {
        var text = new StringBuilder();
        using var tasks = PackedTasks.Load(package);
        foreach (var task in tasks.Assembly.GetExportedTypes().Where(type => !type.IsAbstract).OrderBy(type =>
            type.Name, StringComparer.Ordinal))
        {
            text.Append($"task {task.Name}\n");
            foreach (var parameter in task.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.DeclaringType!.Assembly == tasks.Assembly).OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                text.Append($"  {parameter.Name} {parameter.PropertyType.Name}{Attributes(parameter)}\n");
            }
        }

        Section(text, "targets", Targets);
        Section(text, "properties", Properties);
        Section(text, "items", Items);
        Section(text, "metadata of LambdaLayer", Metadata);
        Section(text, "codes", Codes);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name, IReadOnlyList<string> lines) =>
        text.Append($"{name}\n").AppendJoin("", lines.Select(line => $"  {line}\n"));

    private static string Attributes(PropertyInfo parameter) => string.Concat(parameter.GetCustomAttributesData()
        .Select(attribute => attribute.AttributeType.Name).Where(name => name is "RequiredAttribute" or "OutputAttribute")
        .Order(StringComparer.Ordinal).Select(name => " " + name.Replace("Attribute", "", StringComparison.Ordinal)));

    private static IReadOnlyCollection<string> MetadataRead(string kind)
    {
        var asked = new HashSet<string>();
        string Answer(string name)
        {
            asked.Add(name);
            return name == "Kind" ? kind : "";
        }

        try
        {
            LayerItemParser.Parse(new ItemOrigin("anything"), Repository.Root, Answer);
        }
        catch (LayersException)
        {
            // Some kinds insist on a metadata value; everything is asked for before.
        }

        return asked;
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("build"), "*.targets"));

    [GeneratedRegex(@"\$\(((?:Lambda|Aws|Ecr)\w+)[).]")]
    private static partial Regex OwnProperty();

    [GeneratedRegex(@"%\(LambdaLayer\.(\w+)\)")]
    private static partial Regex LayerMetadata();

    [GeneratedRegex(@"""(LLC\d{4})""")]
    private static partial Regex CodeLiteral();
}
