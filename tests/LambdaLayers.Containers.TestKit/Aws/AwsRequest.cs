using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>A request as its bytes came: nothing decoded that the signature covers.</summary>
internal sealed class AwsRequest
{
    private AwsRequest(HttpContext context, string target, byte[] body)
    {
        Context = context;
        RawTarget = target;
        Body = body;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        RawPath = question < 0 ? target : target[..question];
        RawQuery = question < 0 ? "" : target[(question + 1)..];
    }

    public HttpContext Context { get; }

    public string Method => Context.Request.Method;

    /// <summary>Path and query exactly as on the request line.</summary>
    public string RawTarget { get; }

    public string RawPath { get; }

    public string RawQuery { get; }

    public byte[] Body { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Set once the signature was verified.</summary>
    public SignatureScope Scope { get; set; } = SignatureScope.None;

    public string? Header(string name) => Context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

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

    public static async Task<AwsRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return new AwsRequest(context, target, body.ToArray());
    }
}
