using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// The ARN of a Lambda layer, with or without a version:
/// <c>arn:aws:lambda:REGION:ACCOUNT:layer:NAME[:VERSION|:latest]</c>, or the form of layers that AWS itself manages,
/// <c>arn:aws:lambda:::awslayer:NAME</c>, which has neither region nor account nor version
/// (botocore, lambda service-2.json, LayerVersionArn and LayerArn).
/// </summary>
internal sealed partial record LayerVersionArn
{
    private const int MaximumLength = 2048;
    private const int MaximumNameLength = 140;
    private const string Latest = "latest";

    private LayerVersionArn(string partition, AwsRegion? region, string? account, string name)
    {
        Partition = partition;
        Region = region;
        AccountId = account;
        LayerName = name;
    }

    /// <summary>Such as <c>aws</c> or <c>aws-cn</c>.</summary>
    public string Partition { get; }

    /// <summary>Where the layer was published; null for one that AWS manages: there it is the caller's region.</summary>
    public AwsRegion? Region { get; }

    /// <summary>The owner's twelve digits; null for a layer that AWS manages.</summary>
    public string? AccountId { get; }

    public string LayerName { get; }

    /// <summary>Null when the ARN leaves the version open.</summary>
    public long? Version { get; private init; }

    /// <summary>Whether this is the form without region and account.</summary>
    public bool IsAwsManaged => Region is null;

    /// <summary>Whether the highest version is asked for: none is written, or <c>:latest</c>.</summary>
    public bool IsLatest => Version is null && !IsAwsManaged;

    /// <summary>The ARN of the layer itself, which the owner's permissions and ListLayerVersions go by.</summary>
    public string LayerArn => IsAwsManaged
        ? $"arn:{Partition}:lambda:::awslayer:{LayerName}"
        : $"arn:{Partition}:lambda:{Region}:{AccountId}:layer:{LayerName}";

    /// <summary>The same layer in another version.</summary>
    public LayerVersionArn WithVersion(long version) => this with { Version = version };

    /// <summary>Reads an ARN; <see cref="FormatException"/> for anything else.</summary>
    public static LayerVersionArn Parse(string text) => TryParse(text, out var arn)
        ? arn
        : throw new FormatException($"'{text}' is not the ARN of a Lambda layer.");

    /// <summary>False for anything that Lambda would not take, and for version 0, which no layer has.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LayerVersionArn? arn)
    {
        arn = null;
        if (text is null || text.Length > MaximumLength)
            return false;
        var match = Pattern().Match(text);
        if (!match.Success || match.Groups["name"].Length > MaximumNameLength)
            return false;
        var managed = match.Groups["managed"];
        if (managed.Success)
        {
            arn = new LayerVersionArn(match.Groups["mpartition"].Value, null, null, managed.Value);
            return true;
        }

        var layer = new LayerVersionArn(
            match.Groups["partition"].Value,
            AwsRegion.Parse(match.Groups["region"].Value),
            match.Groups["account"].Value,
            match.Groups["name"].Value);
        var version = match.Groups["version"];
        if (!version.Success || version.Value == Latest)
            arn = layer;
        else if (long.TryParse(version.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            arn = layer.WithVersion(number);
        return arn is not null;
    }

    public override string ToString() =>
        Version is null ? LayerArn : string.Create(CultureInfo.InvariantCulture, $"{LayerArn}:{Version}");

    [GeneratedRegex(
        @"\A(?:arn:(?<partition>aws[a-zA-Z-]*):lambda:(?<region>" + AwsRegion.Grammar + @"):(?<account>[0-9]{12})" +
        @":layer:(?<name>[a-zA-Z0-9_-]+)(?::(?<version>[0-9]+|latest))?" +
        @"|arn:(?<mpartition>[a-zA-Z0-9-]+):lambda:::awslayer:(?<managed>[a-zA-Z0-9_-]+))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
