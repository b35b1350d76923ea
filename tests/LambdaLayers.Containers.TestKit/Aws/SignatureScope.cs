namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>What a verified signature says about its request: for which service and region, and by whom.</summary>
internal sealed record SignatureScope(string Service, string Region, string AccessKeyId)
{
    public static SignatureScope None { get; } = new("", "", "");

    /// <summary>The partition of the region, by its prefix.</summary>
    public string Partition => Region switch
    {
        _ when Region.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
        _ when Region.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
        _ when Region.StartsWith("us-isob-", StringComparison.Ordinal) => "aws-iso-b",
        _ when Region.StartsWith("us-isof-", StringComparison.Ordinal) => "aws-iso-f",
        _ when Region.StartsWith("eu-isoe-", StringComparison.Ordinal) => "aws-iso-e",
        _ when Region.StartsWith("us-iso-", StringComparison.Ordinal) => "aws-iso",
        _ when Region.StartsWith("eusc-", StringComparison.Ordinal) => "aws-eusc",
        _ => "aws",
    };
}
