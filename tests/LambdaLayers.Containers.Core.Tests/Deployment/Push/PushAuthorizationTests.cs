using System.Diagnostics;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Deployment.Push;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

/// <summary>The events are HttpClient's own; the package's tests see them drive a real push.</summary>
[NonParallelizable]
public sealed class PushAuthorizationTests
{
    private const string Host = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

    private static readonly EcrCredential Credential = new("AWS", "password", DateTimeOffset.MaxValue);

    private static string? Send(DiagnosticListener http, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (http.IsEnabled("System.Net.Http.HttpRequestOut", request) && http.IsEnabled("System.Net.Http.HttpRequestOut.Start"))
            http.Write("System.Net.Http.HttpRequestOut.Start", new { Request = request });
        return request.Headers.Authorization?.ToString();
    }

    [TestCase($"https://{Host}/v2/shop/blobs/uploads/", true)]
    [TestCase("https://123456789012.DKR.ecr.us-east-1.amazonaws.com/v2/", true)]
    [TestCase($"http://{Host}/v2/shop/blobs/uploads/", false)]
    [TestCase($"https://{Host}:8443/v2/", false)]
    [TestCase($"https://{Host}/other", false)]
    [TestCase($"https://{Host}.evil.example/v2/", false)]
    [TestCase("https://bucket.s3.us-east-1.amazonaws.com/v2/", false)]
    public void Only_requests_for_the_registry_over_TLS_are_signed(string address, bool expected)
    {
        using var http = new DiagnosticListener("HttpHandlerDiagnosticListener");
        using var authorization = PushAuthorization.Install(Host, Credential);

        Assert.That(Send(http, address), Is.EqualTo(expected ? "Basic QVdTOnBhc3N3b3Jk" : null));
    }

    [Test]
    public void Nothing_is_signed_any_more_when_the_push_has_ended()
    {
        using var http = new DiagnosticListener("HttpHandlerDiagnosticListener");
        PushAuthorization.Install(Host, Credential).Dispose();

        Assert.That(Send(http, $"https://{Host}/v2/"), Is.Null);
    }

    [Test]
    public void Other_libraries_listeners_are_left_alone()
    {
        using var other = new DiagnosticListener("Other");
        using var authorization = PushAuthorization.Install(Host, Credential);

        Assert.That(other.IsEnabled(), Is.False);
    }

    [TestCase("false", false)]
    [TestCase("0", false)]
    [TestCase("true", true)]
    [TestCase(null, true)]
    public void The_switch_that_silences_the_events_is_noticed(string? value, bool possible)
    {
        Assert.That(
            PushAuthorization.IsPossible(x => x == "DOTNET_SYSTEM_NET_HTTP_ENABLEACTIVITYPROPAGATION" ? value : null),
            Is.EqualTo(possible));
    }
}
