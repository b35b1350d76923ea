using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Core.Verification.Leaks;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>
/// Credentials in use, and what looks like one, wherever in an image they are; and nothing where none is.
/// </summary>
public sealed class LeakTests
{
    // Random, and nobody's.
    internal const string Secret = "q7Vb2mZ/kXw9Ht+RfC4yLsD1NpGe8JaUo3Ti5QxM";
    private const string KeyId = "AKIA2QWERTYU7IOPASDF";
    private static readonly KnownSecret Live = new(Secret, "the value of the variable AWS_SECRET_ACCESS_KEY");

    private static readonly string Pem =
        $"-----BEGIN PRIVATE KEY-----\n{Convert.ToBase64String(Enumerable.Range(0, 96).Select(i => (byte)(i * 37)).ToArray())}\n-----END PRIVATE KEY-----\n";

    internal static readonly TestImage Image = new() { Secrets = [Live] };

    [Test]
    public async Task A_live_credential_in_a_file_is_an_error_that_names_file_and_layer_and_not_the_secret()
    {
        var found = await Image.With(tar => tar.File("var/task/config.txt", $"key: {Secret}\n")).FindAsync("LLC3570");

        Assert.That(found.Severity, Is.EqualTo(RuleSeverity.Error));
        Assert.That(found.Path, Is.EqualTo("/var/task/config.txt"));
        Assert.That(found.Message, Does.Contain("/var/task/config.txt").And.Contain("layer 4 of 4 "
            + "(layer-0").And.Contain("AWS_SECRET_ACCESS_KEY"));
        Assert.That(found.Diagnostic.Text, Does.Not.Contain(Secret[..8]).And.Not.Contain(Secret[^8..]));
    }

    [Test]
    public async Task A_live_credential_is_found_in_a_variable_a_label_the_history_and_the_command()
    {
        TestImage[] images =
        [
            Image with { Change = run => run["Env"]!.AsArray().Add((JsonNode)$"KEY={Secret}") },
            Image with { Change = run => run["Labels"] = new JsonObject { ["note"] = Secret } },
            Image with { ChangeConfig = config =>
                config["history"] = new JsonArray(new JsonObject { ["created_by"] = $"RUN curl -u x:{Secret}" }) },
            Image with { Change = run => run["Cmd"] = new JsonArray(Secret) },
            Image with { ChangeConfig = config => config["something"] = new JsonObject { ["else"] = Secret } },
            Image with { ChangeManifest = manifest => manifest["annotations"] = new JsonObject { ["a"] = Secret } },
        ];
        string[] places = ["variable KEY", "label 'note'", "Line 1 of the image's "
            + "history", "command", "config", "manifest"];

        foreach (var (image, place) in images.Zip(places))
            Assert.That((await image.FindAsync("LLC3570")).Message, Does.Contain(place).And.Not.Contain(Secret[..8]));
    }

    [Test]
    public void A_credential_is_found_wherever_it_lies_and_in_each_encoding()
    {
        var scanner = new LeakScanner([Live]);
        foreach (var text in (byte[][])[Encoding.UTF8.GetBytes(Secret), Encoding.Unicode.GetBytes(Secret),
            Encoding.UTF8.GetBytes(Uri.EscapeDataString(Secret))])
        {
            foreach (var before in (int[])[0, 1, 4095, (1 << 17) - 20, 1 << 17, (1 << 17) + 8192 - 11,
                (1 << 17) + 2048 + 8192 - 11, 400_001])
            {
                foreach (var piece in (int[])[1 << 17, 1000])
                {
                    byte[] bytes = [.. Enumerable.Repeat((byte)'.', before), .. text, .. Enumerable.Repeat((byte)'.',
                        5000)];
                    using var scan = scanner.Begin();
                    foreach (var chunk in bytes.Chunk(piece))
                        scan.Add(chunk);

                    Assert.That(scan.End().Select(leak => leak.Secret), Is.EqualTo([Live]), $"{before} before, in "
                        + $"pieces of {piece}");
                    Assert.That(scan.End(), Is.Empty, "the next file has nothing of this one");
                }
            }
        }
    }

    [Test]
    public void Tokens_that_begin_alike_are_told_apart()
    {
        var token = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQ" + new string('x', 400) + "aQ9zK2mB7";
        var other = token[..^9] + "bR8yL3nC6";

        var scanner = new LeakScanner([new KnownSecret(token, "a token")]);

        Assert.That(scanner.Find(Encoding.UTF8.GetBytes(token)), Has.Count.EqualTo(1));
        Assert.That(scanner.Find(Encoding.UTF8.GetBytes(other)), Is.Empty);
    }

    /// <summary>Code, path and content of what looks like a secret.</summary>
    internal static IEnumerable<TestCaseData> Shapes()
    {
        var auth = Convert.ToBase64String("AWS:eyJwYXlsb2FkIjoi"u8);
        yield return new TestCaseData("LLC3571", "app/settings.json", $"{{ \"id\": \"{KeyId}\", \"secret\": "
            + $"\"{Secret}\" }}");
        yield return new TestCaseData("LLC3571", "app/reversed", $"{Secret}\n{KeyId}\n");
        yield return new TestCaseData("LLC3572", "app/key.pem", Pem);
        yield return new TestCaseData("LLC3572", "app/rsa", Pem.Replace("PRIVATE", "RSA "
            + "PRIVATE", StringComparison.Ordinal).Replace("-----\n", "-----\r\n", StringComparison.Ordinal));
        yield return new TestCaseData("LLC3572", "app/encrypted", Pem.Replace("KEY-----\n", "KEY-----\nProc-Type: "
            + "4,ENCRYPTED\nDEK-Info: AES\n\n", StringComparison.Ordinal));
        yield return new TestCaseData("LLC3573", "root/.docker/config.json",
            $"{{\"auths\":{{\"x.dkr.ecr.eu-west-1.amazonaws.com\":{{\"auth\":\"{auth}\"}}}}}}");
        yield return new TestCaseData("LLC3574", "var/task/.env", "A=1\nDB_PASSWORD=\"pa55-w0rd!\"\n");
        yield return new TestCaseData("LLC3574", "var/task/.env.production", "export API_KEY=abcdef123456\n");
        yield return new TestCaseData("LLC3574", "root/.aws/credentials", "[default]\naws_secret_access_key = "
            + "abcdefgh\n");
        yield return new TestCaseData("LLC3574", "root/.netrc", "machine github.com login x password abcd1234\n");
        yield return new TestCaseData("LLC3574", "root/.pypirc", "[pypi]\npassword = pypi-AgEIcHlwaS5vcmc\n");
        yield return new TestCaseData("LLC3574", "root/.git-credentials", "https://user:ghp_abcdef@github.com\n");
        yield return new TestCaseData("LLC3574", "root/.npmrc",
            "//npm.example.test/:_authToken=npm_0123456789abcdefXYZ\n");
    }

    [TestCaseSource(nameof(Shapes))]
    public async Task What_looks_like_a_secret_is_a_warning(string code, string path, string content)
    {
        var found = await Image.With(tar => tar.File(path, content)).FindAsync(code);

        Assert.That(found.Severity, Is.EqualTo(RuleSeverity.Warning));
        Assert.That(found.Path, Is.EqualTo("/" + path));
    }

    [Test]
    public async Task What_looks_like_a_secret_is_found_in_an_assembly_and_in_a_label_too()
    {
        var wide = Image.With(tar => tar.File("var/task/Fn.dll", Encoding.Unicode.GetBytes($"MZ {KeyId} and {Secret} "
            + "")));
        var label = Image with { Secrets = [], Change = run => run["Labels"] = new JsonObject { ["pem"] = Pem } };

        Assert.That((await (wide with { Secrets = [] }).FindAsync("LLC3571")).Path, Is.EqualTo("/var/task/Fn.dll"));
        Assert.That((await label.FindAsync("LLC3572")).Message, Does.Contain("label 'pem'"));
    }

    private static IEnumerable<TestCaseData> Harmless()
    {
        yield return new TestCaseData("app/id", $"the key id {KeyId} without its secret");
        yield return new TestCaseData("app/doc", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        yield return new TestCaseData("app/doc2", $"AKIAIOSFODNN7EXAMPLE {Secret[1..]}9");
        yield return new TestCaseData("app/doc3", $"{KeyId} wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        yield return new TestCaseData("app/sha", $"{KeyId} da39a3ee5e6b4b0d3255bfef95601890afd80709");
        yield return new TestCaseData("app/far", $"{KeyId}{new string('\n', 500)}{Secret[1..]}9");
        yield return new TestCaseData("app/longer", $"X{KeyId} {Secret[1..]}9");
        yield return new TestCaseData("app/lib.so", "-----BEGIN PRIVATE KEY-----\0-----END PRIVATE "
            + "KEY-----\0-----BEGIN %s-----");
        yield return new TestCaseData("app/public", Pem.Replace("PRIVATE", "PUBLIC", StringComparison.Ordinal));
        yield return new TestCaseData("app/config.json", "{\"auths\":{\"host\":{}},\"credsStore\":\"desktop\"}");
        yield return new TestCaseData("app/schema.json", "{\"auths\":{\"properties\":{\"auth\":\"abcdefgh\"}}}");
        yield return new TestCaseData("app/.npmrc", "//npm.example.test/:_authToken=${NPM_TOKEN}\n");
        yield return new TestCaseData("app/.env.example", "PASSWORD=change-me-please\n");
        yield return new TestCaseData("app/.env", "PORT=3000\nPASSWORD=\nTOKEN=$OTHER_TOKEN\n");
        yield return new TestCaseData("app/node_modules/dotenv/.env", "PASSWORD=abcdefgh1\n");
        yield return new TestCaseData("opt/nodejs/node_modules/proxy/test/snakeoil.key", Pem);
        yield return new TestCaseData("app/credentials", "aws_secret_access_key = abcdefgh\n");
    }

    [TestCaseSource(nameof(Harmless))]
    public async Task What_only_resembles_a_secret_is_not_told(string path, string content) =>
        Assert.That((await Image.With(tar => tar.File(path,
            content)).CodesAsync()).Where(code => code.StartsWith("LLC357", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public async Task A_base_image_s_own_files_are_not_searched()
    {
        var image = Image with
        {
            Base = [SyntheticLayer.Create(tar => tar.File("etc/key.pem", Pem + Secret))],
            Request = request => request with { IsAdded = layer => !layer.Origin.IsBase }
        };

        Assert.That((await image.CodesAsync()).Where(code => code.StartsWith("LLC357", StringComparison.Ordinal)),
            Is.Empty);
    }

    [Test]
    public async Task What_is_allowed_is_not_told_but_a_live_credential_only_by_its_code()
    {
        var image = Image.With(tar => tar.File("var/task/test/key.pem", Pem + Secret));

        Assert.That(await Allowing("/var/task/test/*"), Is.EqualTo(["LLC3570"]));
        Assert.That(await Allowing("LLC3572:/var/task/test/key.pem"), Is.EqualTo(["LLC3570"]));
        Assert.That(await Allowing("LLC3571:/var/task/test/key.pem"), Is.EqualTo(["LLC3570", "LLC3572"]));
        Assert.That(await Allowing("/var/task/test/*", "llc3570:*/key.pem"), Is.Empty);

        async Task<IReadOnlyList<string>> Allowing(params string[] files) =>
            [.. (await (image with { Options = new VerificationOptions { Allowed = [.. files.Select(AllowedFile.Parse)] } }).CodesAsync())
                .Where(code => code.StartsWith("LLC357", StringComparison.Ordinal))];
    }

    [Test]
    public async Task A_layer_is_read_once_and_again_only_for_a_credential_that_is_new_to_it()
    {
        using var root = new TempRoot();
        var image = Image.With(tar => tar.File("var/task/key.pem", Pem + "another secret: "
            + "zZ8yX7wV6uT5sR4qP3oN2mL1kJ0iH9gF8eD7cB6a\n"));
        var secrets = new KnownSecret[] { Live };

        Assert.That(await ReadAsync(), Is.EqualTo(4), "every layer");
        Assert.That(await ReadAsync(), Is.Zero, "nothing");
        secrets = [Live, new KnownSecret("fresh-token-of-this-build-0123456789", "a token") { IsNew = true }];
        Assert.That(await ReadAsync(), Is.Zero, "a token of now cannot be in what was there before");
        secrets = [Live, new KnownSecret("zZ8yX7wV6uT5sR4qP3oN2mL1kJ0iH9gF8eD7cB6a", "another secret")];
        Assert.That(await ReadAsync(leaks: 1), Is.EqualTo(4), "each for the other secret");
        Assert.That(await ReadAsync(leaks: 1), Is.EqualTo(1), "the one that holds it");
        secrets = [new KnownSecret("pa55word", "a password")];
        Assert.That(await ReadAsync(), Is.EqualTo(4), "a password is not remembered");
        Assert.That(await ReadAsync(), Is.EqualTo(4));
        var kept = Directory.EnumerateFiles(root.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
        Assert.That(kept, Has.None.Contains(Secret).And.None.Contains("pa55word"));

        async Task<int> ReadAsync(int leaks = 0)
        {
            var read = new System.Collections.Concurrent.ConcurrentDictionary<Digest, byte>();
            var findings = await (image with { Secrets = secrets }).VerifyAsync(
                new ContentCache(new CachePaths(root.Path)), layer => read.TryAdd(layer.Digest, 0));
            Assert.That(findings.Count(f => f.Rule.Code == "LLC3570"), Is.EqualTo(leaks));
            Assert.That(findings.Select(f => f.Rule.Code), Has.Member("LLC3572"));
            return read.Count;
        }
    }
}
