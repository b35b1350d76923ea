using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Aws;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EcrCredentialSourceTests : AwsTestBase
{
    private const string PrivateHost = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

    private readonly RecordingLog _log = new();

    private EcrCredentialSource Source => new(new EcrAuthorization(Clients(), TimeProvider.System), null, _log);

    [Test]
    public async Task A_private_registry_gets_a_token_as_password()
    {
        Env.WithKeys();
        var server = Serve((_, r) => r.JsonAsync("""{"authorizationData":[{"authorizationToken":"QVdTOnA6d29yZA=="}]}"""));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);

        var credential = await Source.GetAsync(Pull(PrivateHost), default);

        Assert.That((credential!.Username, credential.Password), Is.EqualTo(("AWS", "p:word")));
        Assert.That(credential.SourceName, Does.Contain("AWS credentials"));
    }

    [TestCase("docker.io")]
    [TestCase("localhost:5000")]
    public async Task Other_registries_never_see_a_token(string registry) =>
        Assert.That(await Source.GetAsync(Pull(registry), default), Is.Null);

    [Test]
    public async Task Without_AWS_credentials_a_private_registry_is_an_error()
    {
        var error = await Failure.OfAsync(() => Source.GetAsync(Pull(PrivateHost), default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1100"));
    }

    [Test]
    public async Task Without_AWS_credentials_the_public_gallery_is_read_anonymously()
    {
        var credential = await Source.GetAsync(Pull("public.ecr.aws"), default);

        Assert.That(credential, Is.Null);
        Assert.That(_log.All, Has.One.Contains("public.ecr.aws"));
    }

    [TestCase(true, "LLC1214")]
    [TestCase(false, null)]
    public async Task A_push_to_the_public_gallery_needs_what_reading_does_not(bool push, string? code)
    {
        var source = new EcrCredentialSource(new EcrAuthorization(Clients(), TimeProvider.System), null, _log);

        LayersException? error = null;
        try
        {
            await source.GetAsync(
                new CredentialScope("public.ecr.aws", push ? CredentialPurpose.Push : CredentialPurpose.Pull), default);
        }
        catch (LayersException e)
        {
            error = e;
        }

        Assert.That(error?.Diagnostic.Code, Is.EqualTo(code));
    }

    [TestCase(true, "p:word")]
    [TestCase(false, "twelve hours old")]
    public async Task A_fresh_token_is_better_than_the_one_that_docker_keeps(bool aws, string expected)
    {
        if (aws)
            Env.WithKeys();
        var server = Serve((_, r) => r.JsonAsync("""{"authorizationData":[{"authorizationToken":"QVdTOnA6d29yZA=="}]}"""));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);
        var source = new EcrCredentialSource(new EcrAuthorization(Clients(), TimeProvider.System), null, _log)
        {
            Otherwise = [new OneLogin(null), new OneLogin("twelve hours old")],
        };

        var credential = await source.GetAsync(Push, default);

        Assert.That(credential!.Password, Is.EqualTo(expected));
        Assert.That(_log.All, Has.None.Contains(expected));
    }

    [Test]
    public async Task A_broken_docker_file_does_not_hide_what_AWS_said()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        var server = Serve((_, r) => r.JsonAsync("""{"__type":"ExpiredTokenException","message":"because"}""", 400));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);
        var source = new EcrCredentialSource(new EcrAuthorization(Clients(), TimeProvider.System), null, _log)
        {
            Otherwise = [new OneLogin(null, broken: true)],
        };

        var error = await Failure.OfAsync(() => source.GetAsync(Push, default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1102"));
    }

    private static CredentialScope Push => new(PrivateHost, CredentialPurpose.Push);

    private static CredentialScope Pull(string registry) => new(registry, CredentialPurpose.Pull);

    private sealed class OneLogin(string? password, bool broken = false) : ICredentialSource
    {
        public string Name => "docker";

        public Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken) => broken
            ? throw new LayersException("LLC1999", "The docker configuration is broken.")
            : Task.FromResult(password is null ? null : new Credential(scope, "docker") { Username = "AWS", Password = password });
    }
}
