using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>Each source of the credential chain, seen from the signature that reaches the service.</summary>
public sealed class AwsCredentialTests : AwsTestBase
{
    private const string OtherSecret = "other/secret/of/forty/characters/length/";

    internal const string RoleAnswer = """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>other/secret/of/forty/characters/length/</SecretAccessKey>
        <SessionToken>role-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>x:s</AssumedRoleId></AssumedRoleUser>
        </AssumeRoleResult></AssumeRoleResponse>
        """;

    [Test]
    public async Task Keys_and_session_token_of_the_environment()
    {
        Env.WithKeys("session-token");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients().Lambda(Frankfurt));

        var request = server.Requests.Single();
        SigV4.Verify(request);
        Assert.That(request.Header("X-Amz-Security-Token"), Is.EqualTo("session-token"));
    }

    [Test]
    public async Task A_named_profile_wins_over_the_environment()
    {
        Env.WithKeys();
        Env.Credentials($"[team]\naws_access_key_id = TEAMKEY\naws_secret_access_key = {OtherSecret}\n");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients("team").Lambda(Frankfurt));

        var request = server.Requests.Single();
        SigV4.Verify(request, OtherSecret);
        Assert.That(request.Header("Authorization"), Does.Contain("Credential=TEAMKEY/"));
    }

    [Test]
    public async Task A_layer_s_own_profile_wins_over_the_build_s()
    {
        Env.Credentials(
            $"[build]\naws_access_key_id = B\naws_secret_access_key = x\n[layer]\naws_access_key_id = L\naws_secret_access_key = {OtherSecret}\n");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients("build").Lambda(Frankfurt, "layer"));

        SigV4.Verify(server.Requests.Single(), OtherSecret);
    }

    [Test]
    public async Task The_profile_of_AWS_PROFILE()
    {
        Env.Credentials($"[team]\naws_access_key_id = TEAMKEY\naws_secret_access_key = {OtherSecret}\n");
        Env.Set("AWS_PROFILE", "team");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients().Lambda(Frankfurt));

        SigV4.Verify(server.Requests.Single(), OtherSecret);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_credential_process()
    {
        var script = Env.Root.Write("creds.json",
            $$"""{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"{{OtherSecret}}","SessionToken":"t"}""");
        Env.Config($"[profile proc]\ncredential_process = cat {script}\n");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients("proc").Lambda(Frankfurt));

        SigV4.Verify(server.Requests.Single(), OtherSecret);
    }

    [Test]
    public async Task A_role_with_source_profile_is_assumed_once_with_the_source_s_keys()
    {
        Env.Config($"""
            [profile base]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            [profile role]
            role_arn = arn:aws:iam::123456789012:role/deploy
            source_profile = base
            region = eu-west-3
            """);
        var sts = Serve((_, r) => r.XmlAsync(RoleAnswer));
        Env.Set("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));
        var lambda = Clients("role").Lambda(Frankfurt);

        await CallAsync(lambda);
        await CallAsync(lambda);

        Assert.Multiple(() =>
        {
            Assert.That(sts.Requests, Has.Count.EqualTo(1));
            Assert.That(SigV4.Verify(sts.Requests[0]), Is.EqualTo("eu-west-3/sts"));
            Assert.That(Uri.UnescapeDataString(sts.Requests[0].Body), Does.Contain("RoleArn=arn:aws:iam::123456789012:role/deploy"));
            Assert.That(server.Requests, Has.Count.EqualTo(2));
            Assert.That(SigV4.Verify(server.Requests[^1], OtherSecret), Is.EqualTo("eu-central-1/lambda"));
            Assert.That(server.Requests[^1].Header("X-Amz-Security-Token"), Is.EqualTo("role-token"));
        });
    }

    [Test]
    public async Task A_role_of_a_role_is_assumed_with_the_first_role()
    {
        Env.Config($"""
            [profile base]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            [profile hop]
            role_arn = arn:aws:iam::123456789012:role/hop
            source_profile = base
            [profile role]
            role_arn = arn:aws:iam::123456789012:role/deploy
            source_profile = hop
            """);
        Env.Set("AWS_PROFILE", "role");
        var sts = Serve((_, r) => r.XmlAsync(RoleAnswer));
        Env.Set("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients().Lambda(Frankfurt));

        Assert.Multiple(() =>
        {
            Assert.That(sts.Requests, Has.Count.EqualTo(2));
            SigV4.Verify(sts.Requests[0]);
            SigV4.Verify(sts.Requests[^1], OtherSecret);
            SigV4.Verify(server.Requests.Single(), OtherSecret);
        });
    }

    [TestCase("cn-north-1", "aws-cn", "cn-north-1/sts")]
    [TestCase("eu-central-1", "aws", "us-east-2/sts")]
    public async Task A_role_is_assumed_in_its_own_partition(string layerRegion, string partition, string expected)
    {
        Env.Config($"""
            [profile base]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            [profile role]
            role_arn = arn:{partition}:iam::123456789012:role/deploy
            source_profile = base
            """);
        Env.Set("AWS_REGION", "us-east-2");
        var sts = Serve((_, r) => r.XmlAsync(RoleAnswer));
        Env.Set("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);
        ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients("role").Lambda(AwsRegion.Parse(layerRegion)));

        Assert.That(SigV4.Verify(sts.Requests.Single()), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_web_identity_of_the_environment()
    {
        Env.Set("AWS_WEB_IDENTITY_TOKEN_FILE", Env.Root.Write("token", "jwt"));
        Env.Set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ci");
        Env.Set("AWS_REGION", "eu-central-1");
        var sts = Serve((_, r) => r.XmlAsync(
            RoleAnswer.Replace("AssumeRoleRes", "AssumeRoleWithWebIdentityRes", StringComparison.Ordinal)));
        Env.Set("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients().Lambda(Frankfurt));

        SigV4.Verify(server.Requests.Single(), OtherSecret);
        Assert.That(sts.Requests.Single().Body, Does.Contain("WebIdentityToken=jwt"));
    }

    [Test]
    public async Task A_signed_in_sso_session()
    {
        SsoProfile.Write(Env, DateTime.UtcNow.AddHours(1));
        var portal = Serve((_, r) => r.JsonAsync(SsoProfile.RoleCredentials(OtherSecret)));
        Env.Set("AWS_ENDPOINT_URL_SSO", portal.Address.AbsoluteUri);
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients("sso").Lambda(Frankfurt));

        SigV4.Verify(server.Requests.Single(), OtherSecret);
        Assert.That(portal.Requests.Single().Header("x-amz-sso_bearer_token"), Is.EqualTo("sso-access-token"));
    }

    [Test]
    public async Task The_credentials_of_a_container()
    {
        var container = Serve((_, r) => r.JsonAsync(
            $$"""{"AccessKeyId":"C","SecretAccessKey":"{{OtherSecret}}","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"""));
        Env.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", new Uri(container.Address, "creds").AbsoluteUri);
        Env.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        await CallAsync(Clients().Lambda(Frankfurt));

        SigV4.Verify(server.Requests.Single(), OtherSecret);
        Assert.That(container.Requests.Single().Header("Authorization"), Is.EqualTo("Basic abc"));
    }
}
