using System.Net;
using System.Text;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>Short ways to answer.</summary>
internal static class Answer
{
    public static async Task JsonAsync(this HttpListenerResponse response, string json, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>REST-JSON's form of an error, with the URI that Lambda appends to the type.</summary>
    public static Task ErrorAsync(this HttpListenerResponse response, int status, string code, string message)
    {
        response.Headers["x-amzn-ErrorType"] = code + ":http://internal.amazon.com/coral/com.amazon.coral.service/";
        response.Headers["x-amzn-RequestId"] = "request-1";
        return response.JsonAsync($$"""{"Type":"User","Message":"{{message}}"}""", status);
    }

    public static async Task XmlAsync(this HttpListenerResponse response, string xml, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "text/xml";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(xml));
    }
}
