using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Aws;

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

        var credential = await Source.GetAsync(PrivateHost, default);

        Assert.That((credential!.Username, credential.Password), Is.EqualTo(("AWS", "p:word")));
        Assert.That(credential.SourceName, Does.Contain("AWS credentials"));
    }

    [TestCase("docker.io")]
    [TestCase("localhost:5000")]
    public async Task Other_registries_never_see_a_token(string registry) =>
        Assert.That(await Source.GetAsync(registry, default), Is.Null);

    [Test]
    public async Task Without_AWS_credentials_a_private_registry_is_an_error()
    {
        var error = await Failure.OfAsync(() => Source.GetAsync(PrivateHost, default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1100"));
    }

    [Test]
    public async Task Without_AWS_credentials_the_public_gallery_is_read_anonymously()
    {
        var credential = await Source.GetAsync("public.ecr.aws", default);

        Assert.That(credential, Is.Null);
        Assert.That(_log.All, Has.One.Contains("public.ecr.aws"));
    }
}
