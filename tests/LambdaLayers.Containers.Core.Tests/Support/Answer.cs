using System.Net;
using System.Text;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>Short ways to answer.</summary>
internal static class Answer
{
    public static Task JsonAsync(this HttpListenerResponse response, string json, int status = 200) =>
        SendAsync(response, "application/json", json, status);

    /// <summary>REST-JSON's form of an error, with the URI that Lambda appends to the type.</summary>
    public static Task ErrorAsync(this HttpListenerResponse response, int status, string code, string message)
    {
        response.Headers["x-amzn-ErrorType"] = code + ":http://internal.amazon.com/coral/com.amazon.coral.service/";
        response.Headers["x-amzn-RequestId"] = "request-1";
        return response.JsonAsync($$"""{"Type":"User","Message":"{{message}}"}""", status);
    }

    public static Task XmlAsync(this HttpListenerResponse response, string xml, int status = 200) =>
        SendAsync(response, "text/xml", xml, status);

    private static async Task SendAsync(HttpListenerResponse response, string type, string text, int status)
    {
        var body = Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.ContentType = type;
        // A chunk's end in a packet of its own would cost 40 ms each time.
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body);
    }
}
