using System.Globalization;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

public class RetryTests : RegistryFixture
{
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    public async Task A_server_in_trouble_is_asked_again_after_growing_waits(int status)
    {
        var left = 3;
        Fake.Interfere = context => FailWhile(context, () => left-- > 0, status);

        await Client().ResolveManifestAsync(Reference, default);

        Assert.That(Time.Waits, Is.EqualTo(new[] { 0.5, 1, 2 }.Select(TimeSpan.FromSeconds)));
    }

    [Test]
    public async Task The_wait_that_a_server_asks_for_is_kept()
    {
        var left = 1;
        Fake.Interfere = context => FailWhile(context, () => left-- > 0, 429, "17");

        await Client().ResolveManifestAsync(Reference, default);

        Assert.That(Time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(17) }));
    }

    [Test]
    public async Task The_wait_may_be_a_date()
    {
        var left = 1;
        var until = Time.GetUtcNow().AddSeconds(20).ToString("R", CultureInfo.InvariantCulture);
        Fake.Interfere = context => FailWhile(context, () => left-- > 0, 503, until);

        await Client().ResolveManifestAsync(Reference, default);

        Assert.That(Time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(20) }));
    }

    [Test]
    public async Task A_wait_beyond_reason_ends_at_once_and_is_told()
    {
        Fake.Interfere = context => FailWhile(context, () => true, 429, "21600");

        var failure = await FailureAsync(() => Client().ResolveManifestAsync(Reference, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1018"));
        Assert.That(failure.Message, Does.Contain("asks to wait 21600 seconds"));
        Assert.That(Time.Waits, Is.Empty);
    }

    [Test]
    public async Task Every_wait_is_told_and_a_long_one_to_everybody()
    {
        var left = 2;
        Fake.Interfere = context => FailWhile(context, () => left-- > 0, 503, left == 1 ? "20" : null);

        await Client().ResolveManifestAsync(Reference, default);

        Assert.That(Log.All, Has.Count.EqualTo(2));
        Assert.That(Log.All, Has.All.Contains($"the manifest of '{Reference}' failed (503").And.All.Contains("Trying again in"));
        Assert.That(Log.Highs.Single(), Does.Contain("in 20 seconds"));
    }

    [Test]
    public async Task Patience_ends_after_six_attempts()
    {
        Fake.Interfere = context => FailWhile(context, () => true, 503);

        var failure = await FailureAsync(() => Client().ResolveManifestAsync(Reference, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1018"));
        Assert.That(Fake.Requests.Count(x => x.Target.Contains("manifests")), Is.EqualTo(6));
    }

    [Test]
    public async Task A_connection_that_breaks_is_made_again()
    {
        // On loopback the first one may as well mean that the other scheme is spoken, which is found out without a wait.
        var left = 3;
        Fake.Interfere = context =>
        {
            if (!IsWork(context) || left-- <= 0)
                return Task.FromResult(false);
            context.Abort();
            return Task.FromResult(true);
        };

        await Client().ResolveManifestAsync(Reference, default);

        Assert.That(Time.Waits, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_manifest_that_breaks_off_is_fetched_again()
    {
        var left = 1;
        Fake.Interfere = async context =>
        {
            if (!IsWork(context) || left-- <= 0)
                return false;
            context.Response.ContentType = Image.Manifest.MediaType;
            context.Response.ContentLength = Image.Manifest.Bytes.Length;
            await context.Response.Body.WriteAsync(Image.Manifest.Bytes[..20]);
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };

        var manifest = await Client().ResolveManifestAsync(Reference, default);

        Assert.That(manifest.Digest, Is.EqualTo(Image.Manifest.Digest));
    }

    [Test]
    public async Task A_server_that_falls_silent_is_given_up_and_asked_again()
    {
        var left = 1;
        Fake.Interfere = async context =>
        {
            if (!IsWork(context) || left-- <= 0)
                return false;
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        // A real clock: silence is measured by it.
        using var http = Network.CreateHttp(
            new HttpPolicy { StallTimeout = TimeSpan.FromMilliseconds(300), FirstDelay = TimeSpan.FromMilliseconds(1) });
        var client = new RegistryClient(http, Core.Oci.Credentials.CredentialChain.Anonymous, new RegistryOptions());

        var manifest = await client.ResolveManifestAsync(Reference, default);

        Assert.That(manifest.Digest, Is.EqualTo(Image.Manifest.Digest));
    }

    [Test]
    public async Task A_refusal_is_final()
    {
        Fake.Interfere = async context =>
        {
            await EmbeddedRegistry.ErrorAsync(context, 403, "DENIED", "no");
            return true;
        };

        await FailureAsync(() => Client().ResolveManifestAsync(Reference, default));

        Assert.That(Fake.Requests.Count(x => x.Target.Contains("manifests")), Is.EqualTo(1));
    }

    private static bool IsWork(HttpContext context) => context.Request.Path != "/v2/";

    private static async Task<bool> FailWhile(HttpContext context, Func<bool> failing, int status, string? retryAfter = null)
    {
        if (!IsWork(context) || !failing())
            return false;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await EmbeddedRegistry.ErrorAsync(context, status, "TOOMANYREQUESTS", "slow down");
        return true;
    }
}
