namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>One request that the fake received, numbered in the order of arrival.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Service">The credential scope's service: lambda, ecr, ecr-public, sts; "s3" for downloads; "sso".</param>
/// <param name="Operation">As in the service model, such as GetLayerVersionByArn; "?" when nothing fits.</param>
/// <param name="Region">The credential scope's region, empty for unsigned calls.</param>
/// <param name="AccessKeyId">Who signed; empty for unsigned calls.</param>
/// <param name="Status">HTTP status of the answer; 0 when the connection was cut instead.</param>
/// <param name="Error">The error's code, or null.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Body">The request's body as text.</param>
public sealed record AwsCall(
    int Number, string Service, string Operation, string Region, string AccessKeyId, int Status, string? Error, string Target, string Body)
{
    public override string ToString() => $"{Number}. {Service}:{Operation} {Region} -> {Status} {Error}";
}
