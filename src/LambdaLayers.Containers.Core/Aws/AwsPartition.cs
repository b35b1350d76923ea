namespace LambdaLayers.Containers.Core.Aws;

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
