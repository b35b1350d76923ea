using System.Globalization;

namespace LambdaLayers.Containers.Core.Deployment;

/// <summary>Reads MSBuild properties; empty means not set. What cannot be meant is an error that names the property.</summary>
internal static class PropertyValues
{
    public static string? Text(Func<string, string> property, string name) =>
        property(name).Trim() is { Length: > 0 } value ? value : null;

    public static bool? Flag(Func<string, string> property, string name) => Text(property, name) switch
    {
        null => null,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw PropertyErrors.BadFlag(name, text),
    };

    public static int? Number(Func<string, string> property, string name, int minimum, int maximum, string unit) =>
        Text(property, name) switch
        {
            null => null,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= minimum && value <= maximum => value,
            var text => throw PropertyErrors.BadNumber(name, text, minimum, maximum, unit),
        };

    /// <summary>One of a few words, in the spelling of <paramref name="values"/>.</summary>
    public static string? OneOf(Func<string, string> property, string name, IReadOnlyList<string> values) =>
        Text(property, name) switch
        {
            null => null,
            var text => values.FirstOrDefault(x => x.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? throw PropertyErrors.BadChoice(name, text, values),
        };

    /// <summary>Values between semicolons; null when the property is not set.</summary>
    public static IReadOnlyList<string>? List(Func<string, string> property, string name) =>
        Text(property, name)?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>NAME=value</c> between semicolons; a later one wins.</summary>
    public static IReadOnlyDictionary<string, string> Pairs(Func<string, string> property, string name)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in List(property, name) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw PropertyErrors.BadPair(name, pair);
            pairs[pair[..equals].TrimEnd()] = pair[(equals + 1)..].TrimStart();
        }

        return pairs;
    }
}
