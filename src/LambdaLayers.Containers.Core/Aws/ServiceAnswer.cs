using Amazon.Runtime;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>A service's answer with its document read.</summary>
internal sealed class ServiceAnswer<T> : AmazonWebServiceResponse
    where T : class
{
    /// <summary>Null only until the SDK has filled it.</summary>
    public T? Value { get; init; }
}
