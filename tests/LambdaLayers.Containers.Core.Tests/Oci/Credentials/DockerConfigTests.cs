using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Oci.Credentials;

/// <summary>Names and places of log-in files, and the secrets that they hold.</summary>
public sealed class DockerConfigTests
{
    [TestCase("host.test", true)]
    [TestCase("Host.Test", true)]
    [TestCase("host.test/", true)]
    [TestCase("https://host.test", true)]
    [TestCase("https://host.test/v1/", true)]
    [TestCase("http://host.test/v2", true)]
    [TestCase("host.test/v3", false)]
    [TestCase("host.test/team/app", false)]
    [TestCase("other.test", false)]
    [TestCase("://host.test", true)]
    [TestCase("/host.test", false)]
    public void A_key_means_a_registry(string key, bool means) => Assert.That(DockerConfigKeys.Means(key, "host.test"), Is.EqualTo(means));

    [Test]
    public void Docker_s_hub_has_several_keys()
    {
        Assert.That(DockerConfigKeys.For("docker.io"), Is.EqualTo(["https://index.docker.io/v1/", "index.docker.io", "docker.io"]));
        Assert.That(DockerConfigKeys.For("host.test"), Is.EqualTo(["host.test"]));
    }

    [TestCase("HOME=/h", "/h/.docker/config.json", "/h/.config/containers/auth.json")]
    [TestCase("HOME=;USERPROFILE=/u", "/u/.docker/config.json", "/u/.config/containers/auth.json")]
    [TestCase("HOME=/h;DOCKER_CONFIG=/d;XDG_CONFIG_HOME=/c", "/d/config.json", "/c/containers/auth.json")]
    [TestCase("HOME=/h;REGISTRY_AUTH_FILE=/f;XDG_RUNTIME_DIR=/r;DOCKER_CONFIG=/d", "/f", "/d/config.json", "/r/containers/auth.json", "/h/.config/containers/auth.json")]
    [TestCase("HOME=/h;REGISTRY_AUTH_FILE=/f;XDG_RUNTIME_DIR=/r", "/f", "/h/.docker/config.json", "/r/containers/auth.json", "/h/.config/containers/auth.json")]
    public void Files_are_looked_for_in_this_order(string variables, params string[] files)
    {
        var environment = variables.Split(';').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);

        Assert.That(DockerConfigFiles.Paths(environment.GetValueOrDefault), Is.EqualTo(files));
    }

    [TestCase("""{"auth":"dXNlcjpwYTpzcw=="}""", "user", "pa:ss")]
    [TestCase("""{"auth":"dXNlcjpwYXNzAAA="}""", "user", "pass")]
    [TestCase("""{"username":"user","password":"pass"}""", "user", "pass")]
    [TestCase("""{"auth":"","username":"user","password":"pass"}""", "user", "pass")]
    [TestCase("""{"identitytoken":"t"}""", null, null)]
    [TestCase("""{"registrytoken":"t"}""", null, null)]
    public void An_entry_is_a_log_in(string json, string? user, string? password)
    {
        var read = Read(json)!;

        Assert.That((read.Username, read.Password), Is.EqualTo((user, password)));
        Assert.That(read.IdentityToken ?? read.RegistryToken, user is null ? Is.EqualTo("t") : Is.Null);
    }

    [Test]
    public void An_entry_without_a_log_in_is_none()
    {
        Assert.That(Read("{}"), Is.Null);
        Assert.That(Read("""{"username":"","password":"p"}"""), Is.Null);
        Assert.That(() => Read("""{"auth":"?"}"""), Throws.TypeOf<FormatException>().With.Message.EqualTo("'auth' is not base64"));
        foreach (var auth in (string[])["dXNlcg==", "OnBhc3M="])
            Assert.That(() => Read($$"""{"auth":"{{auth}}"}"""), Throws.TypeOf<FormatException>().With.Message.EqualTo("'auth' is not user:password in base64"));
    }

    [Test]
    public void The_secrets_of_variables_and_files_are_told_apart_by_where_they_are()
    {
        using var root = new TempRoot();
        root.Write(".docker/config.json", """{"auths":{"a.test":{"auth":"dXNlcjpwYXNz"},"b.test":{},"c.test":{"identitytoken":"t"},"d.test":1},"credsStore":"x"}""");
        root.Write(".config/containers/auth.json", "not json");
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = root.Path,
            ["DOTNET_CONTAINER_PUSH_REGISTRY_PWORD"] = "push",
            ["SDK_CONTAINER_REGISTRY_PWORD"] = "legacy",
            ["DOTNET_CONTAINER_REGISTRY_PWORD"] = "",
        };

        var secrets = RegistryCredentials.Secrets(environment.GetValueOrDefault, TimeProvider.System);

        var file = Path.Combine(root.Path, ".docker", "config.json");
        Assert.That(secrets.Select(s => $"{s.Source}: {s.Value}"), Is.EquivalentTo(
        [
            "the password in DOTNET_CONTAINER_PUSH_REGISTRY_PWORD: push",
            "the password in SDK_CONTAINER_REGISTRY_PWORD: legacy",
            $"the log-in to a.test of '{file}': pass",
            $"the log-in to a.test of '{file}': dXNlcjpwYXNz",
            $"the log-in to c.test of '{file}': t",
        ]));
        var stamps = secrets.Where(s => s.Source.Contains("a.test", StringComparison.Ordinal)).Select(s => s.Stamp);
        Assert.That(stamps, Is.All.StartsWith(file).And.All.EndsWith(" a.test"));
    }

    private static Credential? Read(string json) => DockerAuthEntry.Read(
        System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject(), new CredentialScope("host.test", CredentialPurpose.Pull), "x");
}
