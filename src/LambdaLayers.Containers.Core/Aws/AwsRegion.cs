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

    /// <summary>Reads a region that the user has written; LLC1111 for anything else.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="source">The property, metadata or variable it is written in.</param>
    public static AwsRegion Parse(string text, string source) =>
        TryParse(text, out var region) ? region : throw AwsErrors.BadRegion(source, text);

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

/// <summary>A group of AWS regions with its own ARNs, domain names and accounts.</summary>
/// <param name="Id">As in ARNs: <c>aws</c>, <c>aws-cn</c>.</param>
/// <param name="DnsSuffix">Domain of ordinary endpoints.</param>
/// <param name="DualStackDnsSuffix">Domain of endpoints that speak IPv6 too.</param>
/// <param name="RegionPrefix">How the names of its regions begin; empty for the partition of all others.</param>
internal sealed record AwsPartition(string Id, string DnsSuffix, string DualStackDnsSuffix, string RegionPrefix)
{
    /// <summary>
    /// partitions.json of the AWS SDKs. Regions that no prefix claims, also ones that are yet to be opened, are in
    /// <c>aws</c>, as every AWS SDK has it.
    /// </summary>
    private static readonly AwsPartition[] Known =
    [
        new("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-"),
        new("aws-us-gov", "amazonaws.com", "api.aws", "us-gov-"),
        new("aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-"),
        new("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-"),
        new("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-"),
        new("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-"),
        new("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-"),
        new("aws", "amazonaws.com", "api.aws", ""),
    ];

    /// <summary>The partition that a region belongs to.</summary>
    public static AwsPartition Of(string region) =>
        Array.Find(Known, p => region.StartsWith(p.RegionPrefix, StringComparison.Ordinal))!;
}
