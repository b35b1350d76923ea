using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment;

/// <summary>LLC2150 to LLC2153: properties of a push and of a deployment that cannot be read.</summary>
internal static class PropertyErrors
{
    public static LayersException BadFlag(string property, string value) =>
        new("LLC2150", $"{property} is '{value}'. It is true or false: <{property}>true</{property}>.");

    public static LayersException BadNumber(string property, string value, int minimum, int maximum, string unit) =>
        new("LLC2151", $"{property} is '{value}'. It is a number of {unit} from {minimum} to {maximum}: "
            + $"<{property}>{minimum}</{property}>.");

    public static LayersException BadChoice(string property, string value, IReadOnlyList<string> values) =>
        new("LLC2152", $"{property} is '{value}'. It is one of {string.Join(", ", values)}: "
            + $"<{property}>{values[0]}</{property}>.");

    public static LayersException BadPair(string property, string value) =>
        new("LLC2153", $"A part of {property} has no name and equals sign{Shown(value)}. Write NAME=value, with a "
            + $"semicolon between two of them: <{property}>STAGE=prod;TEAM=shop</{property}>. A variable whose value "
            + "has a semicolon is an item: <LambdaEnvironmentVariable Include=\"NAME\" Value=\"a;b\" />.");

    // A value may be a secret that lost its name: show only what cannot be one.
    private static string Shown(string value) =>
        value.Length is > 0 and < 32 && value.All(char.IsAsciiLetterUpper) ? $" ('{value}')" : "";
}
