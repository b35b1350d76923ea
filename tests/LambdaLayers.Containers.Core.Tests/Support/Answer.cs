using System.Text;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>Short ways to answer.</summary>
internal static class Answer
{
    // What was sent should arrive before the reset overtakes it.
    private static readonly TimeSpan ArrivalTime = TimeSpan.FromMilliseconds(50);

    public static Task JsonAsync(this HttpResponse response, string json, int status = 200) =>
        SendAsync(response, "application/json", json, status);

    /// <summary>REST-JSON's form of an error, with the URI that Lambda appends to the type.</summary>
    public static Task ErrorAsync(this HttpResponse response, int status, string code, string message)
    {
        response.Headers["x-amzn-ErrorType"] = code + ":http://internal.amazon.com/coral/com.amazon.coral.service/";
        response.Headers["x-amzn-RequestId"] = "request-1";
        return response.JsonAsync($$"""{"Type":"User","Message":"{{message}}"}""", status);
    }

    public static Task XmlAsync(this HttpResponse response, string xml, int status = 200) =>
        SendAsync(response, "text/xml", xml, status);

    /// <summary>Ends the connection in the middle of the response.</summary>
    public static async Task CutAsync(this HttpResponse response)
    {
        await response.Body.FlushAsync();
        await Task.Delay(ArrivalTime);
        response.HttpContext.Abort();
    }

    private static async Task SendAsync(HttpResponse response, string type, string text, int status)
    {
        var body = Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }
}
