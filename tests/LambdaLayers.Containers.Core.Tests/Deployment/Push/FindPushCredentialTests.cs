using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FindPushCredentialTests
{
    private static readonly EcrRegistryHost Host = EcrRegistryHost.Parse("123456789012.dkr.ecr.us-east-1.amazonaws.com");

    private readonly ScriptedEcr _ecr = new() { Token = new AuthorizationData { AuthorizationToken = "QVdTOnRva2Vu" } };
    private readonly Dictionary<string, string> _environment = [];
    private readonly RecordingLog _log = new();

    private Task<EcrCredential?> FindAsync(bool dockerLogin = false)
    {
        ICredentialSource[] docker = dockerLogin ? [new AnyRegistry()] : [];
        var find = new FindPushCredential(
            new EcrAuthorization(new FakeClients(ecr: _ecr), TimeProvider.System), new CredentialChain(docker),
            name => _environment.GetValueOrDefault(name), _log);
        return find.RunAsync(Host, null, default);
    }

    [Test]
    public async Task AWS_credentials_give_a_token_even_beside_an_old_docker_login()
    {
        var credential = await FindAsync(dockerLogin: true);

        Assert.That(credential!.Password, Is.EqualTo("token"));
        Assert.That(_log.Lines, Has.None.Contain("token\"").And.None.Contain("QVdT"));
    }

    [TestCase("DOTNET_CONTAINER_PUSH_REGISTRY_")]
    [TestCase("DOTNET_CONTAINER_REGISTRY_")]
    [TestCase("SDK_CONTAINER_REGISTRY_")]
    public async Task Variables_that_the_SDK_reads_win(string prefix)
    {
        _environment[prefix + "UNAME"] = "user";
        _environment[prefix + "PWORD"] = "password";

        Assert.That(await FindAsync(), Is.Null);
    }

    [Test]
    public async Task Without_AWS_credentials_a_docker_login_goes_on_working()
    {
        _ecr.Refuse["GetAuthorizationToken"] = AwsErrors.NoCredentials();

        Assert.That(await FindAsync(dockerLogin: true), Is.Null);
    }

    [Test]
    public async Task With_nothing_at_all_the_error_lists_the_ways()
    {
        _ecr.Refuse["GetAuthorizationToken"] = AwsErrors.NoCredentials();

        var error = await Failure.OfAsync(() => FindAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1214"));
        Assert.That(error.Message, Does.Contain("DOTNET_CONTAINER_PUSH_REGISTRY_UNAME").And.Contain("AwsProfile"));
    }

    [Test]
    public async Task An_expired_session_says_so()
    {
        _ecr.Refuse["GetAuthorizationToken"] = AwsErrors.CredentialsExpired("default");

        var error = await Failure.OfAsync(() => FindAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1102"));
    }

    [TestCase("123456789012.dkr-ecr.us-east-1.on.aws", 2)]
    [TestCase("123456789012.dkr.ecr.us-east-1.amazonaws.com", 0)]
    public void Dual_stack_hosts_need_upload_settings_of_ECR(string host, int count)
    {
        var settings = UploadSettings.For(EcrRegistryHost.Parse(host), _ => null);

        Assert.That(settings, Has.Count.EqualTo(count));
    }

    [Test]
    public void Upload_settings_of_the_user_stay()
    {
        var settings = UploadSettings.For(
            EcrRegistryHost.Parse("123456789012.dkr-ecr.us-east-1.on.aws"),
            name => name == "SDK_CONTAINER_REGISTRY_PARALLEL_UPLOAD" ? "true" : null);

        Assert.That(settings.Keys, Is.EqualTo(new[] { "DOTNET_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES" }));
    }

    private sealed class AnyRegistry : ICredentialSource
    {
        public string Name => "docker";

        public Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken) =>
            Task.FromResult<Credential?>(new Credential(scope, "docker") { Username = "AWS", Password = "old" });
    }
}
