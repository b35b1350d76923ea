using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class EcrClientTests : AwsTestBase
{
    private static EcrRegistryHost Host => FrankfurtRegistry;

    // base64 of "AWS:p:word"
    private const string Token = "QVdTOnA6d29yZA==";

    [Test]
    public async Task A_repository_is_created_with_its_settings()
    {
        Env.WithKeys();
        var server = Serve((_, r) => r.JsonAsync("""{"repository":{"repositoryUri":"h/team/app","registryId":"1"}}"""));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);

        var answer = await Clients().Ecr(Host).CreateRepositoryAsync(
            new()
            {
                RepositoryName = "team/app",
                Tags = [new() { Key = "k", Value = "v" }],
                ImageScanningConfiguration = new() { ScanOnPush = true },
            },
            default);

        var request = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That((request.Method, request.Target), Is.EqualTo(("POST", "/")));
            Assert.That(request.Header("Content-Type"), Is.EqualTo("application/x-amz-json-1.1"));
            Assert.That(
                request.Header("X-Amz-Target"), Is.EqualTo("AmazonEC2ContainerRegistry_V20150921.CreateRepository"));
            Assert.That(SigV4.Verify(request), Is.EqualTo("eu-central-1/ecr"));
            Assert.That(request.Body, Is.EqualTo(
                """{"repositoryName":"team/app","tags":[{"Key":"k","Value":"v"}],"imageScanningConfiguration":{"scanOnPush":true}}"""));
            Assert.That(answer.Repository!.RepositoryUri, Is.EqualTo("h/team/app"));
        });
    }

    [Test]
    public async Task A_token_becomes_user_and_password()
    {
        Env.WithKeys();
        var server = Serve((_, r) => r.JsonAsync(
            $$"""{"authorizationData":[{"authorizationToken":"{{Token}}","expiresAt":1.7E9,"proxyEndpoint":"https://h"}]}"""));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);

        var credential = await new EcrAuthorization(Clients(), TimeProvider.System).GetAsync(Host, null, default);

        Assert.Multiple(() =>
        {
            Assert.That((credential.UserName, credential.Password), Is.EqualTo(("AWS", "p:word")));
            Assert.That(credential.ExpiresAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));
            Assert.That(credential.ToString(), Does.Not.Contain("word"));
        });
    }

    [Test]
    public async Task The_public_gallery_answers_in_another_shape_from_one_region()
    {
        Env.WithKeys();
        var server = Serve((_, r) => r.JsonAsync($$"""{"authorizationData":{"authorizationToken":"{{Token}}" } }"""));
        Env.Set("AWS_ENDPOINT_URL_ECR_PUBLIC", server.Address.AbsoluteUri);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);

        var credential = await new EcrAuthorization(Clients(region: Frankfurt), time)
            .GetAsync(EcrRegistryHost.Parse("public.ecr.aws"), null, default);

        Assert.Multiple(() =>
        {
            Assert.That(credential.Password, Is.EqualTo("p:word"));
            Assert.That(credential.ExpiresAt, Is.EqualTo(DateTimeOffset.UnixEpoch.AddHours(12)));
            Assert.That(
                server.Requests.Single().Header("X-Amz-Target"), Is.EqualTo("SpencerFrontendService.GetAuthorizationToken"));
            Assert.That(SigV4.Verify(server.Requests.Single()), Is.EqualTo("us-east-1/ecr-public"));
        });
    }

    [TestCase("""{"authorizationData":[]}""")]
    [TestCase("""{"authorizationData":[{"authorizationToken":"not base64"}]}""")]
    [TestCase("""{"authorizationData":[{"authorizationToken":"QVdT"}]}""")]
    [TestCase("{}")]
    public async Task A_token_that_is_none_is_reported(string json)
    {
        Env.WithKeys();
        var server = Serve((_, r) => r.JsonAsync(json));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);
        var authorization = new EcrAuthorization(Clients(), TimeProvider.System);

        var error = await Failure.OfAsync(() => authorization.GetAsync(Host, null, default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1208"));
    }

    [TestCase("RepositoryNotFoundException", "LLC1200", AwsFailureKind.NotFound)]
    [TestCase("RepositoryAlreadyExistsException", "LLC1201", AwsFailureKind.AlreadyExists)]
    [TestCase("LimitExceededException", "LLC1202", AwsFailureKind.Other)]
    [TestCase("KmsException", "LLC1203", AwsFailureKind.Other)]
    [TestCase("ImageNotFoundException", "LLC1204", AwsFailureKind.NotFound)]
    [TestCase("RepositoryPolicyNotFoundException", "LLC1205", AwsFailureKind.Other)]
    [TestCase("TooManyTagsException", "LLC1206", AwsFailureKind.Other)]
    [TestCase("SomethingNewException", "LLC1207", AwsFailureKind.Other)]
    [TestCase("com.amazonaws.ecr#AccessDeniedException", "LLC1112", AwsFailureKind.AccessDenied)]
    public async Task Refusals_are_told_apart(string code, string expected, object kind)
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        var server = Serve((_, r) => r.JsonAsync($$"""{"__type":"{{code}}","message":"because"}""", 400));
        Env.Set("AWS_ENDPOINT_URL_ECR", server.Address.AbsoluteUri);

        var error = await Failure.OfAsync(
            () => Clients().Ecr(Host).DescribeRepositoriesAsync(new(), default));

        Assert.Multiple(() =>
        {
            Assert.That(error.Diagnostic.Code, Is.EqualTo(expected));
            Assert.That(error.Diagnostic.Message, Does.Contain("because"));
            Assert.That(((AwsException)error).Kind, Is.EqualTo(kind));
        });
    }
}
