using System.Net.Http.Headers;
using System.Text;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Images;
using Microsoft.Extensions.Time.Testing;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class FakeAwsEcrTests
{
    private FakeTimeProvider _clock = null!;
    private FakeAws _aws = null!;

    [SetUp]
    public async Task Start()
    {
        _clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        _aws = await FakeAws.StartAsync(_clock);
    }

    [TearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task The_aws_cli_creates_and_describes_repositories()
    {
        string[] app = ["--repository-name", "team/app"];
        var created = await AwsCli.JsonAsync(
            _aws, ["ecr", "create-repository", .. app, "--image-tag-mutability", "IMMUTABLE"]);
        var described = await AwsCli.JsonAsync(_aws, "ecr", "describe-repositories", "--repository-names", "team/app");
        var twice = await Fails(["ecr", "create-repository", .. app]);
        var missing = await Fails("ecr", "describe-repositories", "--repository-names", "nobody");
        var noPolicy = await Fails(["ecr", "get-repository-policy", .. app]);
        await AwsCli.JsonAsync(_aws, ["ecr", "set-repository-policy", .. app, "--policy-text", "{}"]);
        var policy = await AwsCli.JsonAsync(_aws, ["ecr", "get-repository-policy", .. app]);

        Assert.That(
            created.GetProperty("repository").GetProperty("repositoryUri").GetString(),
            Is.EqualTo("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app"));
        Assert.That(described.GetProperty("repositories")[0].GetProperty("imageTagMutability").GetString(), Is.EqualTo("IMMUTABLE"));
        Assert.That(twice, Does.Contain("RepositoryAlreadyExistsException"));
        Assert.That(missing, Does.Contain("RepositoryNotFoundException"));
        Assert.That(noPolicy, Does.Contain("RepositoryPolicyNotFoundException"));
        Assert.That(policy.GetProperty("policyText").GetString(), Is.EqualTo("{}"));
    }

    [Test]
    public async Task The_registry_takes_the_issued_token_only_and_created_repositories_only()
    {
        await using var registry = await EcrRegistry.StartAsync(_aws);
        var answer = await AwsCli.JsonAsync(_aws, "ecr", "get-authorization-token");
        var token = answer.GetProperty("authorizationData")[0].GetProperty("authorizationToken").GetString()!;
        using var anonymous = Pusher(registry, null);
        using var wrong = Pusher(registry, Convert.ToBase64String(Encoding.ASCII.GetBytes("AWS:guess")));
        using var good = Pusher(registry, token);

        var withoutToken = await Refused(() => anonymous.PushAsync("app", "1", SyntheticBase.Plain()));
        var withWrong = await Refused(() => wrong.PushAsync("app", "1", SyntheticBase.Plain()));
        var notCreated = await Refused(() => good.PushAsync("app", "1", SyntheticBase.Plain()));
        await AwsCli.JsonAsync(
            _aws, "ecr", "create-repository", "--repository-name", "app", "--image-tag-mutability", "IMMUTABLE");
        var digest = await good.PushAsync("app", "1", SyntheticBase.Plain());
        var moved = await Refused(() => good.PushAsync("app", "1", SyntheticBase.Plain("arm64")));
        var image = await AwsCli.JsonAsync(
            _aws, "ecr", "describe-images", "--repository-name", "app", "--image-ids", "imageTag=1");
        var batch = await AwsCli.JsonAsync(
            _aws, "ecr", "batch-get-image", "--repository-name", "app", "--image-ids", "imageTag=1", "imageTag=2");
        _clock.Advance(TimeSpan.FromHours(13));
        var expired = await Refused(() => good.PushAsync("app", "2", SyntheticBase.Plain()));

        Assert.That(withoutToken, Does.Contain("401"));
        Assert.That(withWrong, Does.Contain("401"));
        Assert.That(notCreated, Does.Contain("404").And.Contain("NAME_UNKNOWN"));
        Assert.That(moved, Does.Contain("TAG_INVALID").And.Contain("immutable"));
        Assert.That(image.GetProperty("imageDetails")[0].GetProperty("imageDigest").GetString(), Is.EqualTo(digest));
        Assert.That(batch.GetProperty("images").GetArrayLength(), Is.EqualTo(1));
        Assert.That(batch.GetProperty("failures")[0].GetProperty("failureCode").GetString(), Is.EqualTo("ImageNotFound"));
        Assert.That(expired, Does.Contain("403").And.Contain("expired"));
    }

    [Test]
    public async Task The_aws_cli_gets_a_public_token_and_assumes_a_role()
    {
        var token = await AwsCli.JsonAsync(_aws, "ecr-public", "get-authorization-token");
        var role = await AwsCli.JsonAsync(
            _aws, "sts", "assume-role", "--role-arn", "arn:aws:iam::123456789012:role/r", "--role-session-name", "session");
        var credentials = role.GetProperty("Credentials");
        var session = new AwsKey(
            credentials.GetProperty("AccessKeyId").GetString()!, credentials.GetProperty("SecretAccessKey").GetString()!,
            credentials.GetProperty("SessionToken").GetString());
        var asRole = await AwsCli.RunAsync(_aws, session, "us-east-1", "ecr", "describe-repositories");

        Assert.That(token.GetProperty("authorizationData").GetProperty("authorizationToken").GetString(), Is.Not.Empty);
        Assert.That(asRole.ExitCode, Is.Zero, asRole.Output);
        Assert.That(_aws.Calls[^1].AccessKeyId, Is.EqualTo(session.AccessKeyId));
    }

    [Test]
    public async Task The_aws_cli_trades_a_web_identity_for_credentials()
    {
        _aws.Tokens.WebIdentityTokens.Add("the-token");
        string[] command =
        [
            "sts", "assume-role-with-web-identity", "--role-arn", "arn:aws:iam::123456789012:role/r", "--role-session-name", "session",
            "--web-identity-token",
        ];

        var good = await AwsCli.JsonAsync(_aws, [.. command, "the-token"]);
        var bad = await Fails([.. command, "another-token"]);

        Assert.That(good.GetProperty("Credentials").GetProperty("AccessKeyId").GetString(), Does.StartWith("ASIA"));
        Assert.That(bad, Does.Contain("InvalidIdentityToken"));
    }

    private static RegistryPusher Pusher(EcrRegistry registry, string? token) => new(
        new Uri($"http://{registry.Host}"), token is null ? null : new AuthenticationHeaderValue("Basic", token));

    private static async Task<string> Refused(Func<Task> push)
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(push);
        return thrown?.Message ?? "";
    }

    private async Task<string> Fails(params string[] arguments)
    {
        var result = await AwsCli.RunAsync(_aws, _aws.Key, "us-east-1", arguments);
        Assert.That(result.ExitCode, Is.Not.Zero);
        return result.Output;
    }
}
