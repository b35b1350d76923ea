using System.Text;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

public class LogInTests : RegistryFixture
{
    private static readonly string Basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:p4ss-w0rd"));
    private FakeServer _tokens = null!;
    private Func<HttpContext, Task> _issue = null!;

    [SetUp]
    public async Task StartTokenServerAsync()
    {
        _issue = context => context.Response.WriteAsync("""{"token":"t0ken","expires_in":300}""");
        _tokens = await FakeServer.StartAsync(context => _issue(context));
        SecretWatch.Allow("p4ss-w0rd", _tokens.Is);
    }

    [TearDown]
    public async Task StopTokenServerAsync() => await _tokens.DisposeAsync();

    private string Bearer => $"Bearer realm=\"http://{_tokens.Host}/token\",service=\"fake\",scope=\"repository:team/base:pull,push\"";

    [Test]
    public async Task A_registry_with_anonymous_tokens_needs_no_credentials()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");

        var image = await PullAsync();

        Assert.That(image.Config.Digest, Is.EqualTo(Image.Config.Digest));
        Assert.That(_tokens.Requests.Select(x => (x.Target, x.Authorization)), Is.EqualTo(new (string, string?)[]
        {
            ("/token?service=fake&scope=repository%3Ateam%2Fbase%3Apull", null),
        }));
    }

    [Test]
    public async Task A_token_is_bought_with_the_password_and_the_registry_never_sees_that()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");

        await PullAsync(FixedCredential.Password(Fake.Host));

        Assert.That(_tokens.Requests.Single().Authorization, Is.EqualTo(Basic));
        Assert.That(Fake.Authorized.Select(x => x.Authorization), Is.All.EqualTo("Bearer t0ken"));
    }

    [Test]
    public async Task An_identity_token_is_traded_by_POST()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");
        _issue = context => context.Response.WriteAsync("""{"access_token":"t0ken","expires_in":300}""");

        await PullAsync(new FixedCredential(Fake.Host, scope => new Credential(scope, "the test") { IdentityToken = "r3fresh" }));

        var request = _tokens.Requests.Single();
        Assert.That((request.Method, request.Target, request.Authorization), Is.EqualTo(("POST", "/token", (string?)null)));
        Assert.That(request.Body, Does.Contain("grant_type=refresh_token").And.Contain("refresh_token=r3fresh")
            .And.Contain("service=fake"));
    }

    [Test]
    public async Task A_ready_registry_token_is_sent_as_it_is()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer r3ady");

        await PullAsync(new FixedCredential(Fake.Host, scope => new Credential(scope, "the test") { RegistryToken = "r3ady" }));

        Assert.That(_tokens.Requests, Is.Empty);
    }

    [Test]
    public async Task Basic_is_sent_once_it_was_asked_for_and_looked_up_once()
    {
        (Fake.Challenge, Fake.Accepted) = ("Basic realm=\"x\"", Basic);
        var source = FixedCredential.Password(Fake.Host);

        var image = await PullAsync(source);
        await ReadAllAsync(await image.Layers[0].OpenCompressedAsync(default));

        Assert.That(source.Asked, Is.EqualTo(1));
        Assert.That(Fake.Requests.Count(x => x.Authorization is null && x.Target != "/v2/"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_token_is_renewed_shortly_before_it_expires()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");
        var client = Client();
        await client.ResolveManifestAsync(Reference, default);

        Time.Advance(TimeSpan.FromSeconds(200));
        await client.ResolveManifestAsync(Reference, default);
        var early = _tokens.Requests.Count;
        Time.Advance(TimeSpan.FromSeconds(80));
        await client.ResolveManifestAsync(Reference, default);

        Assert.That((early, _tokens.Requests.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task A_token_that_the_registry_revokes_is_replaced()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");
        var client = Client();
        await client.ResolveManifestAsync(Reference, default);
        Fake.Accepted = "Bearer n3w";
        _issue = context => context.Response.WriteAsync("""{"token":"n3w"}""");

        await client.ResolveManifestAsync(Reference, default);

        Assert.That(Fake.Authorized[^1].Authorization, Is.EqualTo("Bearer n3w"));
    }

    [Test]
    public async Task Concurrent_requests_share_one_log_in()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");
        var client = Client();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.ResolveManifestAsync(Reference, default)));

        Assert.That(_tokens.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Each_repository_has_its_own_token()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");
        Image.AddTo(Fake, "team/other", "1");
        var client = Client();

        await client.ResolveManifestAsync(Reference, default);
        await client.ResolveManifestAsync(ImageReference.Parse($"{Fake.Host}/team/other:1"), default);

        Assert.That(_tokens.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_refused_password_is_one_error_that_names_its_source_and_not_its_value()
    {
        Fake.Challenge = Bearer;
        _issue = context => EmbeddedRegistry.ErrorAsync(context, 401, "UNAUTHORIZED", "no");

        var failure = await FailureAsync(() => PullAsync(FixedCredential.Password(Fake.Host)));

        Assert.That(failure.Code, Is.EqualTo("LLC1002"));
        Assert.That(failure.Message, Does.Contain("the credentials from the test's own source").And.Not.Contain("p4ss-w0rd"));
        Assert.That(Fake.Authorized, Is.Empty);
    }

    [Test]
    public async Task A_refusal_without_credentials_says_where_they_were_looked_for()
    {
        Fake.Challenge = "Basic realm=\"x\"";

        var failure = await FailureAsync(() => PullAsync(FixedCredential.Password("elsewhere.test")));

        Assert.That(failure.Code, Is.EqualTo("LLC1002"));
        Assert.That(failure.Message, Does.Contain("looked in: a fixed credential").And.Contain("docker login"));
    }

    [Test]
    public async Task An_unknown_kind_of_log_in_is_named()
    {
        Fake.Challenge = "Negotiate";

        var failure = await FailureAsync(() => PullAsync());

        Assert.That((failure.Code, failure.Message.Contains("Negotiate", StringComparison.Ordinal)), Is.EqualTo(("LLC1032", true)));
    }

    [TestCase("""{"nothing":1}""", "holds no token")]
    [TestCase("""{"token":"line\nbreak"}""", "holds no token")]
    [TestCase("""{"token":7}""", "'token' is not a string")]
    [TestCase("nonsense", "not valid JSON")]
    public async Task A_token_service_that_gives_no_token_is_named(string answer, string reason)
    {
        Fake.Challenge = Bearer;
        _issue = context => context.Response.WriteAsync(answer);

        var failure = await FailureAsync(() => PullAsync());

        Assert.That(failure.Code, Is.EqualTo("LLC1031"));
        Assert.That(failure.Message, Does.Contain(reason).And.Contain(_tokens.Host));
    }

    [Test]
    public async Task A_token_service_that_talks_without_end_is_cut_off()
    {
        Fake.Challenge = Bearer;
        _issue = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[64 << 10]);
        };

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo("LLC1013"));
    }

    [Test]
    public async Task A_token_service_in_trouble_is_asked_again()
    {
        (Fake.Challenge, Fake.Accepted) = (Bearer, "Bearer t0ken");
        var good = _issue;
        var left = 2;
        _issue = context => left-- > 0 ? EmbeddedRegistry.ErrorAsync(context, 503, "UNAVAILABLE", "later") : good(context);

        await PullAsync();

        Assert.That(_tokens.Requests, Has.Count.EqualTo(3));
    }

    [TestCase("Bearer realm=\"https://a.test/t\",service=\"a,b\",scope=\"x y\"", "https://a.test/t", "a,b", "x y")]
    [TestCase("bearer REALM=https://a.test/t , Service=\"with \\\"quotes\\\"\"", "https://a.test/t", "with \"quotes\"", null)]
    [TestCase("Bearer service=\"only\"", null, "only", null)]
    public void Challenges_are_read_with_quotes_and_commas(string header, string? realm, string? service, string? scope)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", header);

        var challenge = AuthChallenge.Of(response).Single();

        Assert.That((challenge.IsBearer, challenge.Realm, challenge.Service, challenge.Scope), Is.EqualTo((true, realm, service, scope)));
    }
}
