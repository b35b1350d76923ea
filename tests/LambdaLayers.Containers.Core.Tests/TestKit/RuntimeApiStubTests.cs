using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

/// <summary>
/// The stub of Lambda's APIs; that bases run, and functions and extensions on them, is told by the stories of the samples.
/// </summary>
public sealed class RuntimeApiStubTests
{
    [Test]
    public async Task Extensions_that_come_after_the_runtime_are_refused()
    {
        await using var api = await RuntimeApiStub.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{api.Address}") };
        var invocation = api.InvokeAsync("{}", CancellationToken.None);
        using var next = await client.GetAsync(new Uri("/2018-06-01/runtime/invocation/next", UriKind.Relative));
        var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();

        using var register = new HttpRequestMessage(HttpMethod.Post, "/2020-01-01/extension/register");
        register.Headers.Add("Lambda-Extension-Name", "late");
        register.Content = new StringContent("""{"events":["INVOKE"]}""");
        using var refused = await client.SendAsync(register);
        using var error = new HttpRequestMessage(HttpMethod.Post, $"/2018-06-01/runtime/invocation/{id}/error");
        error.Headers.Add("Lambda-Runtime-Function-Error-Type", "Test.Broken");
        error.Content = new StringContent("""{"errorMessage":"no"}""");
        using var accepted = await client.SendAsync(error);

        Assert.That((int)refused.StatusCode, Is.EqualTo(403));
        Assert.That((int)accepted.StatusCode, Is.EqualTo(202));
        Assert.That(await invocation, Is.EqualTo(new InvocationResult(id, """{"errorMessage":"no"}""", "Test.Broken", true)));
    }
}
