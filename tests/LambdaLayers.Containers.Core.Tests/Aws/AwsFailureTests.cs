using System.Globalization;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class AwsFailureTests : AwsTestBase
{
    private Task<LayersException> FailAsync(string? profile = null) =>
        Failure.OfAsync(() => CallAsync(Clients(profile).Lambda(Frankfurt)));

    [TestCase(403, "ExpiredTokenException", "LLC1102", AwsFailureKind.Other)]
    [TestCase(403, "UnrecognizedClientException", "LLC1104", AwsFailureKind.Other)]
    [TestCase(403, "InvalidSignatureException", "LLC1104", AwsFailureKind.Other)]
    [TestCase(403, "AccessDeniedException", "LLC1112", AwsFailureKind.AccessDenied)]
    [TestCase(403, "", "LLC1112", AwsFailureKind.AccessDenied)]
    [TestCase(404, "ResourceNotFoundException", "LLC1300", AwsFailureKind.NotFound)]
    [TestCase(409, "ResourceConflictException", "LLC1301", AwsFailureKind.Other)]
    [TestCase(400, "InvalidParameterValueException", "LLC1302", AwsFailureKind.Other)]
    [TestCase(412, "PreconditionFailedException", "LLC1303", AwsFailureKind.Other)]
    [TestCase(400, "CodeStorageExceededException", "LLC1304", AwsFailureKind.Other)]
    [TestCase(409, "CodeArtifactUserPendingException", "LLC1305", AwsFailureKind.Other)]
    [TestCase(418, "TeapotException", "LLC1306", AwsFailureKind.Other)]
    [TestCase(429, "TooManyRequestsException", "LLC1113", AwsFailureKind.Other)]
    [TestCase(500, "ServiceException", "LLC1116", AwsFailureKind.Other)]
    [TestCase(503, "", "LLC1116", AwsFailureKind.Other)]
    public async Task Each_kind_of_refusal_has_its_code(int status, string code, string expected, object kind)
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        ServeLambda((_, r) => code.Length == 0 ? r.JsonAsync("{}", status) : r.ErrorAsync(status, code, "because"));

        var error = await FailAsync();

        Assert.That(error.Diagnostic.Code, Is.EqualTo(expected), error.Message);
        Assert.That(((AwsException)error).Kind, Is.EqualTo(kind));
    }

    [TestCase(403, "AccessDeniedException")]
    [TestCase(400, "InvalidParameterValueException")]
    public async Task An_image_that_Lambda_may_not_pull_is_no_matter_of_the_caller_s_rights(int status, string code)
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        ServeLambda((_, r) => r.ErrorAsync(
            status, code, "Lambda does not have permission to access the ECR image. Check the ECR permissions."));

        var error = await FailAsync();

        Assert.That(((AwsException)error).Kind, Is.EqualTo(AwsFailureKind.ImageAccessDenied));
    }

    [Test]
    public async Task Throttling_and_pages_of_a_proxy_are_retried()
    {
        Env.WithKeys();
        var count = 0;
        var server = ServeLambda((_, r) => ++count switch
        {
            1 => r.ErrorAsync(429, "TooManyRequestsException", "slow down"),
            2 => r.XmlAsync("<html>busy</html>", 503),
            _ => r.JsonAsync("{}"),
        });

        await CallAsync(Clients().Lambda(Frankfurt));

        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_clock_that_is_wrong_by_minutes_is_corrected()
    {
        Env.WithKeys();
        var theirs = DateTime.UtcNow.AddMinutes(20);
        var server = ServeLambda((q, r) =>
        {
            r.Headers["Date"] = theirs.ToString("R", CultureInfo.InvariantCulture);
            var signed = DateTime.ParseExact(
                q.Header("X-Amz-Date")!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
            return (theirs - signed).Duration() < TimeSpan.FromMinutes(5)
                ? r.JsonAsync("{}")
                : r.ErrorAsync(403, "InvalidSignatureException", "Signature expired: it is now earlier");
        });

        await CallAsync(Clients().Lambda(Frankfurt));

        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("localhost:4566")]
    [TestCase("no url")]
    [TestCase("ftp://host")]
    public async Task An_endpoint_that_is_no_address_is_named(string endpoint)
    {
        Env.WithKeys();
        Env.Set("AWS_ENDPOINT_URL", endpoint);

        var error = await FailAsync();

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1119"));
        Assert.That(error.Diagnostic.Message, Does.Contain("AWS_ENDPOINT_URL_LAMBDA"));
    }

    [Test]
    public async Task The_number_of_attempts_is_the_user_s()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "2");
        var server = ServeLambda((_, r) => r.ErrorAsync(500, "ServiceException", "broken"));

        var error = await FailAsync();

        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(error.Diagnostic.Message, Does.Contain("request-1"));
    }

    [Test]
    public async Task A_wrong_clock_is_named()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        ServeLambda((_, r) => r.ErrorAsync(
            403, "InvalidSignatureException", "Signature expired: 20200101T000000Z is now earlier than 20200101T001000Z"));

        var error = await FailAsync();

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1117"));
    }

    [Test]
    public async Task An_answer_that_is_no_document_is_named()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        ServeLambda((_, r) => r.JsonAsync("<html>login to the hotel's network</html>"));

        var error = await FailAsync();

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1118"));
        Assert.That(error.Diagnostic.Message, Does.Not.Contain("hotel"));
    }

    [Test]
    public async Task No_credentials_says_how_to_get_some()
    {
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync();

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1100"));
        Assert.That(((AwsException)error).Kind, Is.EqualTo(AwsFailureKind.NoCredentials));
        Assert.That(
            error.Diagnostic.Message,
            Does.Contain("aws configure sso").And.Contain("AWS_ACCESS_KEY_ID").And.Contain("AwsProfile").And.Not.Contain("\n"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_profile_that_does_not_exist_is_named_with_those_that_do(bool asked)
    {
        Env.Config("[profile team]\naws_access_key_id = a\naws_secret_access_key = b\n");
        Env.Set("AWS_PROFILE", asked ? null : "taem");
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync(asked ? "taem" : null);

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1101"));
        Assert.That(
            error.Diagnostic.Message,
            Does.Contain("'taem'").And.Contain("team").And.Contain(asked ? "AwsProfile" : "AWS_PROFILE"));
    }

    [TestCase(true, null)]
    [TestCase(false, null)]
    [TestCase(true, -1)]
    [TestCase(false, -1)]
    public async Task A_missing_or_old_sign_in_says_the_command(bool asked, int? hours)
    {
        SsoProfile.Write(Env, hours is { } h ? DateTime.UtcNow.AddHours(h) : null);
        Env.Set("AWS_PROFILE", asked ? null : "sso");
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync(asked ? "sso" : null);

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1103"), error.Message);
        Assert.That(error.Diagnostic.Message, Does.Contain("aws sso login --profile sso"));
    }

    [Test]
    public async Task A_sign_in_that_the_portal_refuses_says_the_command()
    {
        SsoProfile.Write(Env, DateTime.UtcNow.AddHours(1));
        var portal = Serve((_, r) => r.ErrorAsync(401, "UnauthorizedException", "Session token not found or invalid"));
        Env.Set("AWS_ENDPOINT_URL_SSO", portal.Address.AbsoluteUri);
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync("sso");

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1103"), error.Message);
    }

    [Test]
    public async Task A_role_that_may_not_be_assumed_is_named()
    {
        Env.Config($"""
            [profile base]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            [profile role]
            role_arn = arn:aws:iam::123456789012:role/deploy
            source_profile = base
            """);
        var sts = Serve((_, r) => r.XmlAsync(
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User x may not</Message></Error></ErrorResponse>", 403));
        Env.Set("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync("role");

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1106"), error.Message);
        Assert.That(error.Diagnostic.Message, Does.Contain("AccessDenied: User x may not").And.Contain("'role'"));
    }

    [Test]
    public async Task A_profile_with_mfa_says_what_to_do()
    {
        Env.Config($"""
            [profile base]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            [profile role]
            role_arn = arn:aws:iam::123456789012:role/deploy
            mfa_serial = arn:aws:iam::123456789012:mfa/me
            source_profile = base
            """);
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync("role");

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1107"), error.Message);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_failing_credential_process_does_not_spill_what_it_printed()
    {
        var script = Env.Root.Write("fail.sh", "echo TOPSECRET >&2; echo TOPSECRET; exit 3");
        Env.Config($"[profile proc]\ncredential_process = sh {script}\n");
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync("proc");

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1105"), error.Message);
        Assert.That(error.Message, Does.Not.Contain("TOPSECRET"));
    }

    [Test]
    public async Task A_profile_whose_source_is_missing_is_named()
    {
        Env.Config("[profile role]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = gone\n");
        ServeLambda((_, r) => r.JsonAsync("{}"));

        var error = await FailAsync("role");

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1109"), error.Message);
    }

    [Test]
    public async Task A_closed_port_and_an_unknown_name_are_told_apart()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));
        server.Dispose();

        var refused = await FailAsync();
        Env.Set("AWS_ENDPOINT_URL_LAMBDA", "http://nowhere.invalid");
        var unknown = await FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(refused.Diagnostic.Code, Is.EqualTo("LLC1114"));
            Assert.That(refused.Diagnostic.Message, Does.Contain($"127.0.0.1:{server.Port}").And.Contain("refused"));
            Assert.That(unknown.Diagnostic.Code, Is.EqualTo("LLC1114"));
            Assert.That(unknown.Diagnostic.Message, Does.Contain("nowhere.invalid").And.Contain("eu-central-1"));
        });
    }

    [Test]
    public void Being_cancelled_is_not_an_error_of_AWS()
    {
        Env.WithKeys();
        using var source = new CancellationTokenSource();
        ServeLambda(async (_, r) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, source.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        Assert.That(
            () => Clients().Lambda(Frankfurt).GetFunctionAsync(new() { FunctionName = "f" }, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }
}
