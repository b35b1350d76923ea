using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>One call of a JSON service before it is signed.</summary>
/// <param name="operation">The operation's name: for IAM actions, and for X-Amz-Target.</param>
internal sealed class ServiceCall(string operation) : AmazonWebServiceRequest
{
    public string Operation { get; } = operation;

    public string Method { get; init; } = "POST";

    /// <summary>Path with <c>{Name}</c> segments, which <see cref="PathParameters"/> fill.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Unescaped values for the path's <c>{Name}</c> segments; the SDK escapes and signs them.</summary>
    public IReadOnlyDictionary<string, string> PathParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Unescaped query; entries that are null are left out.</summary>
    public IReadOnlyDictionary<string, string?> Query { get; init; } = new Dictionary<string, string?>();

    /// <summary>The service's target prefix for AWS JSON 1.1 (<c>X-Amz-Target</c>); null for REST-JSON.</summary>
    public string? TargetPrefix { get; init; }

    /// <summary>The JSON document, or null for a call without body.</summary>
    public byte[]? Body { get; init; }

    /// <summary>A document's bytes, for <see cref="Body"/>.</summary>
    public static byte[] Json<T>(T value, JsonTypeInfo<T> type) =>
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value, type);
}
