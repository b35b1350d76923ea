namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>One operation: how its requests look, and who answers them.</summary>
/// <param name="Service">The signing name that its credential scope must carry.</param>
/// <param name="Operation">As in the service's model.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Path; a segment {name} stands for any one raw segment, a last {*} for any rest.</param>
/// <param name="Handler">Null for downloads, which answer with streams.</param>
/// <param name="Signed">False for the few that take no signature.</param>
internal sealed record AwsRoute(
    string Service, string Operation, string Method, string Pattern, Func<AwsRequest, Task<AwsReply>>? Handler, bool Signed = true)
{
    /// <summary>A header or form value that has to be there, for services with one path.</summary>
    public (string Name, string Value)? Selector { get; init; }
}
