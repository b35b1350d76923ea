using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>The name of an AWS region, such as <c>eu-central-1</c>.</summary>
internal sealed partial record AwsRegion
{
    /// <summary>The region part of Lambda's ARNs (botocore, lambda service-2.json, LayerVersionArn).</summary>
    internal const string Grammar = "(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9]";

    private AwsRegion(string name) => Name = name;

    /// <summary>As the API spells it.</summary>
    public string Name { get; }

    /// <summary>Decides the domain names of its endpoints.</summary>
    public AwsPartition Partition => AwsPartition.Of(Name);

    /// <summary>Reads a region's name; <see cref="FormatException"/> for anything else.</summary>
    public static AwsRegion Parse(string text) =>
        TryParse(text, out var region) ? region : throw new FormatException($"'{text}' is not an AWS region.");

    /// <summary>Whether <paramref name="text"/> has the form of a region; it need not be one that exists.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out AwsRegion? region)
    {
        region = text is not null && Pattern().IsMatch(text) ? new AwsRegion(text) : null;
        return region is not null;
    }

    public override string ToString() => Name;

    [GeneratedRegex(@"\A" + Grammar + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
