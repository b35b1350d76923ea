namespace LambdaLayers.Containers.Core.Aws;

/// <summary>What the SDK has to know about a service to sign for it and to find its endpoint.</summary>
/// <param name="Id">serviceId of the service model; decides <c>AWS_ENDPOINT_URL_…</c>.</param>
/// <param name="SigningName">The service in the signature and in IAM actions.</param>
/// <param name="Version">The version of the API.</param>
internal sealed record AwsService(string Id, string SigningName, string Version)
{
    public static readonly AwsService Lambda = new("Lambda", "lambda", "2015-03-31");
    public static readonly AwsService Ecr = new("ECR", "ecr", "2015-09-21");
    public static readonly AwsService EcrPublic = new("ECR PUBLIC", "ecr-public", "2020-10-30");

    /// <summary>The host by the service's endpoint rule set (botocore, endpoint-rule-set-1.json of each).</summary>
    public string Host(AwsRegion region, bool fips, bool dualStack)
    {
        var suffix = dualStack ? region.Partition.DualStackDnsSuffix : region.Partition.DnsSuffix;
        var name = SigningName + (fips ? "-fips" : "");
        // ECR's plain endpoints begin with "api."; its FIPS endpoints do not in the two oldest partitions.
        var api = this != Lambda && !dualStack && !(fips && region.Partition.Id is "aws" or "aws-us-gov");
        return $"{(api ? "api." : "")}{name}.{region}.{suffix}";
    }
}
