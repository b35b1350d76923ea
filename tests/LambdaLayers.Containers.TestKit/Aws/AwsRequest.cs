using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>A request as its bytes came: nothing decoded that the signature covers.</summary>
internal sealed class AwsRequest
{
    private AwsRequest(HttpContext context, SeenRequest seen) => (Context, Seen) = (context, seen);

    public HttpContext Context { get; }

    /// <summary>What the signature is of.</summary>
    public SeenRequest Seen { get; }

    public string Method => Seen.Method;

    /// <summary>Path and query exactly as on the request line.</summary>
    public string RawTarget => Seen.Target;

    public string RawPath => Seen.RawPath;

    public byte[] Body => Seen.Content;

    public string Text => Seen.Body;

    /// <summary>Set once the signature was verified.</summary>
    public SignatureScope Scope { get; set; } = SignatureScope.None;

    public string? Header(string name) => Seen.Header(name);

    public string? Query(string name) => Context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The body as JSON object; an empty body is an empty object.</summary>
    public JsonObject Json()
    {
        try
        {
            return Body.Length == 0 ? [] : JsonNode.Parse(Body)!.AsObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AwsException(400, "SerializationException", "Could not parse request body into json");
        }
    }

    public static async Task<AwsRequest> ReadAsync(HttpContext context) => new(context, await SeenRequest.ReadAsync(context));
}
