using System.Globalization;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// <c>aws-lambda-tools-defaults.json</c>, in which AWS's .NET tools keep the answers to their options
/// (https://github.com/aws/aws-extensions-for-dotnet-cli). Keys that we do not know are left alone: the file is theirs.
/// </summary>
internal sealed class ToolsDefaults
{
    public const string FileName = "aws-lambda-tools-defaults.json";

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    private ToolsDefaults(string path) => Path = path;

    public string Path { get; }

    /// <summary>Every key that has a text, number or switch as its value, as text.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Reads the file. Throws LLC2305 with the line for broken JSON, LLC2306 for values that cannot be meant.</summary>
    public static ToolsDefaults Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(RegularFile.ReadText(path, Limits.Default.ConfigBytes), Lenient);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw FunctionImageErrors.ToolsDefaultsBroken(path, 1, "it is not an object { … }.");
            var defaults = new ToolsDefaults(path);
            foreach (var property in json.RootElement.EnumerateObject())
                defaults.Add(property);
            defaults.Check();
            return defaults;
        }
        catch (JsonException e)
        {
            throw FunctionImageErrors.ToolsDefaultsBroken(path, (e.LineNumber ?? 0) + 1, WithoutPosition(e.Message));
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>The value of a key, or null when it is missing or empty.</summary>
    public string? this[string key] => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>A value that the tools call a comma-delimited list; quotes protect commas.</summary>
    public IReadOnlyList<string> List(string key) =>
        this[key] is { } text ? [.. SplitOutsideQuotes(text, ',').Select(Unquote).Where(x => x.Length > 0)] : [];

    /// <summary>A value of the form <c>"key1"="value1";"key2"="value2"</c>, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string key)
    {
        if (this[key] is not { } text)
            return [];
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in SplitOutsideQuotes(text, ';').Where(p => p.Trim().Length > 0))
        {
            var halves = SplitOutsideQuotes(part, '=');
            if (halves.Count < 2 || Unquote(halves[0]).Length == 0)
                throw FunctionImageErrors.ToolsDefaultsUnusable(Path, key, part, "\"name1\"=\"value1\";\"name2\"=\"value2\"");
            pairs.Add(new(Unquote(halves[0]), Unquote(string.Join('=', halves.Skip(1)))));
        }

        return pairs;
    }

    /// <summary>The runtime identifier that <c>function-architecture</c> means; null without one.</summary>
    public string? RuntimeIdentifier => Architecture?.RuntimeIdentifier;

    // Only by Lambda's own names, which the file is for.
    private Platform? Architecture => Array.Find(
        [Platform.LinuxAmd64, Platform.LinuxArm64], platform => platform.LambdaArchitecture == this["function-architecture"]);

    private void Add(JsonProperty property)
    {
        var value = property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString(),
            JsonValueKind.Number => property.Value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null, // "Information", an array of notes, and whatever else is nobody's option
        };
        if (value is not null)
            _values[property.Name] = value;
    }

    private void Check()
    {
        if (this["function-architecture"] is { } architecture && Architecture is null)
            throw FunctionImageErrors.ToolsDefaultsUnusable(Path, "function-architecture", architecture, "x86_64 or arm64");
        foreach (var key in (string[])["function-memory-size", "function-timeout", "ephemerals-storage-size"])
        {
            if (this[key] is { } number && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                throw FunctionImageErrors.ToolsDefaultsUnusable(Path, key, number, "a whole number");
        }
    }

    private static List<string> SplitOutsideQuotes(string text, char separator)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            if (text[i] != separator || quoted)
                continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Unquote(string text)
    {
        var trimmed = text.Trim();
        return trimmed is ['"', .. var inside, '"'] ? inside : trimmed;
    }

    // System.Text.Json ends its messages with a position that counts lines from 0.
    private static string WithoutPosition(string message) => message.Split(" LineNumber:")[0];
}
