using System.Text;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification.Leaks;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Where each shape of a secret begins and ends.</summary>
public sealed class SecretShapeTests
{
    private const string Id = "AKIA2QWERTYU7IOPASDF";
    private const string Secret = LeakTests.Secret;

    private static IEnumerable<TestCaseData> AwsKeys()
    {
        yield return new TestCaseData($"{Id} {Secret}", true);
        yield return new TestCaseData($"{Secret} {Id}", true);
        yield return new TestCaseData($"{Secret} {Id[..^1]}", false).SetName("an id that the text's end cuts");
        yield return new TestCaseData($"-{Id}-{Secret}", true);
        yield return new TestCaseData($"x{Id} {Secret}", false);
        yield return new TestCaseData($"{Id}9 {Secret}", false);
        yield return new TestCaseData($"{Id[..^1]}8 {Secret}", false).SetName("ids have no 8");
        yield return new TestCaseData($"{Id}{new string(' ', 360)}{Secret}", true).SetName("a secret 360 characters after it");
        yield return new TestCaseData($"{Id}{new string(' ', 361)}{Secret}", false).SetName("a secret 361 characters after it");
        yield return new TestCaseData($"{Secret}{new string(' ', 360)}{Id}", true).SetName("a secret 360 characters before it");
        yield return new TestCaseData($"{Secret}{new string(' ', 361)}{Id}", false).SetName("a secret 361 characters before it");
        yield return new TestCaseData($"{Id} {Secret.ToUpperInvariant()}", false).SetName("no small letter");
        yield return new TestCaseData($"{Id} {Secret.ToLowerInvariant()}", false).SetName("no capital");
        yield return new TestCaseData($"{Id} {new string([.. Secret.Select(c => char.IsAsciiDigit(c) ? 'x' : c)])}", false).SetName("no digit");
        yield return new TestCaseData($"{Id} {Of("Aa1bcdefghijklm")}", false).SetName("15 different characters");
        yield return new TestCaseData($"{Id} {Of("Aa1bcdefghijklmn")}", true).SetName("16 different characters");

        static string Of(string characters) => string.Concat(Enumerable.Repeat(characters, 3))[..40];
    }

    [TestCaseSource(nameof(AwsKeys))]
    public void An_AWS_key_has_a_secret_near_it(string text, bool found) => Assert.That(
        Shape(SecretShapes.AwsKey).IsAt(text, text.IndexOf("AKIA", StringComparison.Ordinal)), Is.EqualTo(found));

    [TestCase("user:pass", true)]
    [TestCase("u:p", true)]
    [TestCase(":pass", false)]
    [TestCase("user:", false)]
    [TestCase("userpass", false)]
    [TestCase("user:pa\nss", false)]
    public void A_log_in_has_a_user_and_a_password(string login, bool found)
    {
        var text = "{\"auths\":{\"x\":{\"auth\":\"" + Convert.ToBase64String(Encoding.ASCII.GetBytes(login)) + "\"}}}";

        Assert.That(Shape(SecretShapes.RegistryLogin).IsAt(text, 1), Is.EqualTo(found));
        Assert.That(Shape(SecretShapes.RegistryLogin).IsAt(text.Replace("\"x\"", "\"a\":{\"auth\":\"abcde\"},\"x\"",
            StringComparison.Ordinal), 1), Is.EqualTo(found), "after one that is no base64");
    }

    [TestCase("-----BEGIN PRIVATE KEY-----", true)]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----", true)]
    [TestCase("PRIVATE KEY-----", false)]
    [TestCase("-----BEGIN \nPRIVATE KEY-----", false)]
    public void A_private_key_begins_with_its_line(string line, bool found)
    {
        var text = $"{line}\n{new string('M', 64)}\n-----END PRIVATE KEY-----\n";

        Assert.That(Shape(SecretShapes.PrivateKey).IsAt(text, text.IndexOf("PRIVATE KEY-----", StringComparison.Ordinal)), Is.EqualTo(found));
    }

    [TestCase("/app/.env", true)]
    [TestCase("/app/.env.local", true)]
    [TestCase("/app/.env.example", false)]
    [TestCase("/app/.env.sample", false)]
    [TestCase("/app/.env.template", false)]
    [TestCase("/app/.env.dist", false)]
    [TestCase("/app/x.env", false)]
    [TestCase("/root/.aws/credentials", true)]
    [TestCase("/root/credentials", false)]
    [TestCase("/root/.netrc", true)]
    [TestCase("/root/_netrc", true)]
    [TestCase("/root/.pypirc", true)]
    [TestCase("/root/.git-credentials", true)]
    [TestCase("/root/git-credentials", false)]
    public void A_file_of_credentials_is_known_by_its_name(string path, bool found) => Assert.That(
        SecretShapes.IsCredentialFile(path, "DB_PASSWORD=abcdefgh1\npassword = abcdefgh\nmachine x password abcdefgh\nhttps://me:abcdefgh@x\n"u8),
        Is.EqualTo(found));

    [TestCase("secret", false)]
    [TestCase("password", false)]
    [TestCase("hunter2!x", true)]
    [TestCase("correcthorsebatterystaple", true)]
    [TestCase("abcdefg1", true)]
    [TestCase("abcdef1", false)]
    [TestCase("abcdefgH", true)]
    [TestCase("ABCDEFG1", true)]
    [TestCase("ABCDEFG-", true)]
    [TestCase("1234567-", true)]
    [TestCase("abcdefgh", false)]
    [TestCase("ABCDEFGH", false)]
    [TestCase("12345678", false)]
    [TestCase("--------", false)]
    [TestCase("abcdefghijklmnopqrst", true)]
    [TestCase("abcdefghijklmnopqrs", false)]
    [TestCase("pässwörter-1234567890", false)]
    public void A_password_is_looked_for_where_it_is_unlike_words(string password, bool told) =>
        Assert.That(LeakScanner.CanBeTold(new KnownSecret(password, "a password")), Is.EqualTo(told));

    [TestCase("AWS_SECRET_ACCESS_KEY")]
    [TestCase("AWS_SECRET_KEY")]
    [TestCase("AWS_SESSION_TOKEN")]
    [TestCase("AWS_SECURITY_TOKEN")]
    [TestCase("AWS_CONTAINER_AUTHORIZATION_TOKEN")]
    [TestCase("AWS_BEARER_TOKEN_BEDROCK")]
    [TestCase("GITHUB_TOKEN")]
    [TestCase("GH_TOKEN")]
    [TestCase("ACTIONS_RUNTIME_TOKEN")]
    [TestCase("ACTIONS_ID_TOKEN_REQUEST_TOKEN")]
    [TestCase("CI_JOB_TOKEN")]
    [TestCase("CI_REGISTRY_PASSWORD")]
    [TestCase("SYSTEM_ACCESSTOKEN")]
    [TestCase("NPM_TOKEN")]
    [TestCase("NODE_AUTH_TOKEN")]
    [TestCase("NUGET_API_KEY")]
    public async Task What_a_variable_holds_is_a_secret(string variable)
    {
        using var root = new LambdaLayers.Containers.TestKit.TempRoot();
        string? Environment(string name) => name == variable ? "a-value" : name == "HOME" ? root.Path : null;
        using var aws = new AwsClients(new AwsOptions(Environment));

        var secrets = await KnownSecrets.FindAsync(Environment, aws, []);

        Assert.That(secrets.Where(s => s.Value == "a-value").Select(s => s.Source), Is.EqualTo([$"the value of the variable {variable}"]));
    }

    private static SecretShapes.Shape Shape(string code) => SecretShapes.All.Single(shape => shape.Code == code);
}
