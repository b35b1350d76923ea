using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Oci.Credentials;

public class CredentialSourceTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void Start() => _root = new TempRoot();

    [TearDown]
    public void Stop() => _root.Dispose();

    [TestCase("registry.test:5000")]
    [TestCase("https://registry.test:5000")]
    [TestCase("https://registry.test:5000/v1/")]
    [TestCase("Registry.Test:5000/")]
    public async Task An_entry_in_auths_is_found_however_its_host_is_written(string key)
    {
        var found = await GetAsync($$"""{"auths":{"{{key}}":{"auth":"{{Base64("me:pass:word")}}"} } }""", "registry.test:5000");

        Assert.That((found?.Username, found?.Password), Is.EqualTo(("me", "pass:word")));
        Assert.That(found!.SourceName, Does.Contain("config.json"));
    }

    [TestCase("registry.test")]
    [TestCase("sub.registry.test:5000")]
    [TestCase("registry.test:5000/team")]
    [TestCase("registry.test:50001")]
    public async Task An_entry_for_something_else_is_not_used(string key)
    {
        Assert.That(await GetAsync($$"""{"auths":{"{{key}}":{"auth":"{{Base64("me:x")}}"} } }""", "registry.test:5000"), Is.Null);
    }

    [TestCase("https://index.docker.io/v1/")]
    [TestCase("docker.io")]
    [TestCase("index.docker.io")]
    public async Task The_hub_goes_by_its_old_name_too(string key)
    {
        var found = await GetAsync($$"""{"auths":{"{{key}}":{"auth":"{{Base64("me:x")}}"} } }""", "docker.io");

        Assert.That(found?.Username, Is.EqualTo("me"));
    }

    [Test]
    public async Task Identity_and_registry_tokens_are_read()
    {
        var found = await GetAsync("""{"auths":{"r.test":{"identitytoken":"i","registrytoken":"t"}}}""", "r.test");

        Assert.That((found?.IdentityToken, found?.RegistryToken), Is.EqualTo(("i", "t")));
    }

    [TestCase("{}")]
    [TestCase("")]
    [TestCase("""{"auths":{"r.test":{}}}""")]
    [TestCase("""{"auths":null,"credHelpers":null,"credsStore":null}""")]
    public async Task A_file_without_a_secret_knows_nothing(string text)
    {
        Assert.That(await GetAsync(text, "r.test"), Is.Null);
    }

    [TestCase("{", "not valid JSON")]
    [TestCase("""{"auths":{"r.test":{"auth":"%%%"}}}""", "not base64")]
    [TestCase("""{"auths":{"r.test":{"auth":"bm9jb2xvbg=="}}}""", "not user:password")]
    [TestCase("""{"auths":[]}""", "'auths' is not an object")]
    public async Task A_broken_file_is_named_and_explained(string text, string reason)
    {
        var failure = await Assert.ThrowsAsync<LayersException>(() => GetAsync(text, "r.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1035"));
        Assert.That(failure.Message, Does.Contain("config.json").And.Contain(reason));
    }

    [Test]
    public async Task The_helper_of_a_registry_is_asked_with_its_name()
    {
        Helper("own", """read host; echo "{\"ServerURL\":\"$host\",\"Username\":\"user-of-$host\",\"Secret\":\"s3cret\"}" """);

        var found = await GetAsync("""{"credHelpers":{"r.test":"own"},"credsStore":"absent"}""", "r.test");

        Assert.That((found?.Username, found?.Password), Is.EqualTo(("user-of-r.test", "s3cret")));
        Assert.That(found!.SourceName, Does.Contain("docker-credential-own"));
    }

    [Test]
    public async Task The_store_is_asked_for_the_hub_by_its_old_name()
    {
        Helper("store", """read host; [ "$host" = https://index.docker.io/v1/ ] || { echo "credentials not found in native keychain"; exit 1; }; echo '{"Username":"<token>","Secret":"id"}' """);

        var found = await GetAsync("""{"credsStore":"store"}""", "docker.io");

        Assert.That((found?.IdentityToken, found?.Username), Is.EqualTo(("id", (string?)null)));
    }

    [Test]
    public async Task A_helper_that_knows_nothing_leaves_it_to_auths()
    {
        Helper("store", "echo 'credentials not found in native keychain'; exit 1");

        var found = await GetAsync($$"""{"credsStore":"store","auths":{"r.test":{"auth":"{{Base64("me:x")}}"} } }""", "r.test");

        Assert.That(found?.Username, Is.EqualTo("me"));
    }

    [Test]
    public async Task A_helper_that_fails_is_named_without_its_words()
    {
        Helper("own", "echo 's3cret went wrong'; echo 's3cret' >&2; exit 3");

        var failure = await Assert.ThrowsAsync<LayersException>(() => GetAsync("""{"credHelpers":{"r.test":"own"}}""", "r.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1034"));
        Assert.That(failure.Message, Does.Contain("docker-credential-own").And.Contain("exit code 3").And.Not.Contain("s3cret"));
    }

    [Test]
    public async Task A_helper_that_speaks_something_else_is_named()
    {
        Helper("own", "echo hello");

        var failure = await Assert.ThrowsAsync<LayersException>(() => GetAsync("""{"credHelpers":{"r.test":"own"}}""", "r.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1034"));
    }

    [Test]
    public async Task A_helper_that_waits_for_a_person_is_ended()
    {
        Helper("own", "sleep 60");

        var failure = await Assert.ThrowsAsync<LayersException>(
            () => GetAsync("""{"credHelpers":{"r.test":"own"}}""", "r.test", TimeSpan.FromMilliseconds(300)));

        Assert.That(failure!.Message, Does.Contain("did not end within"));
    }

    [Test]
    public async Task A_missing_helper_of_the_registry_itself_is_an_error()
    {
        var failure = await Assert.ThrowsAsync<LayersException>(() => GetAsync("""{"credHelpers":{"r.test":"absent"}}""", "r.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1033"));
        Assert.That(failure.Message, Does.Contain("docker-credential-absent").And.Contain("config.json"));
    }

    [Test]
    public async Task A_missing_general_helper_only_shows_when_credentials_are_missed()
    {
        var source = Source("""{"credsStore":"desktop"}""", TimeSpan.FromSeconds(30));

        Assert.That(await source.GetAsync(Pull("r.test"), default), Is.Null);
        Assert.That(source.Name, Does.Contain("docker-credential-desktop").And.Contain("not on the PATH"));
    }

    [TestCase("../own")]
    [TestCase("sub/own")]
    public async Task A_helper_is_only_taken_from_the_PATH(string name)
    {
        Helper("own", "echo '{}'");

        var failure = await Assert.ThrowsAsync<LayersException>(() => GetAsync($$"""{"credHelpers":{"r.test":"{{name}}"} }""", "r.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1033"));
    }

    [TestCase("DOTNET_CONTAINER_PULL_REGISTRY", "base.test", false)]
    [TestCase("DOTNET_CONTAINER_PUSH_REGISTRY", "out.test", true)]
    [TestCase("DOTNET_CONTAINER_REGISTRY", "out.test", true)]
    [TestCase("SDK_CONTAINER_REGISTRY", "out.test", true)]
    public async Task The_variables_of_the_SDK_go_to_one_registry_for_one_purpose(
        string prefix, string registry, bool push)
    {
        var source = Variables(prefix, new RegistryUse { BaseRegistry = "base.test", Destination = "out.test" });
        var asked = new[] { "base.test", "out.test", "layers.test", "docker.io" }.SelectMany(
            name => Enum.GetValues<CredentialPurpose>().Select(use => new CredentialScope(name, use)));

        var given = new List<CredentialScope>();
        foreach (var scope in asked)
        {
            if (await source.GetAsync(scope, default) is { Username: "me", Password: "x" } found)
                given.Add(found.Scope);
        }

        Assert.That(given, Is.EqualTo(new[] { new CredentialScope(registry, push ? CredentialPurpose.Push : CredentialPurpose.Pull) }));
    }

    [TestCase("DOTNET_CONTAINER_REGISTRY")]
    [TestCase("SDK_CONTAINER_REGISTRY")]
    public async Task The_variables_for_everything_count_for_a_base_in_the_registry_published_to(string prefix)
    {
        var source = Variables(prefix, new RegistryUse { BaseRegistry = "both.test", Destination = "both.test" });

        Assert.That((await source.GetAsync(Pull("both.test"), default))?.Username, Is.EqualTo("me"));
    }

    [Test]
    public async Task A_user_name_without_password_is_no_credential()
    {
        var source = new EnvironmentCredentialSource(
            x => x == EnvironmentCredentialSource.PullUser ? "me" : null, new RegistryUse { BaseRegistry = "base.test" });

        Assert.That(await source.GetAsync(Pull("base.test"), default), Is.Null);
    }

    [Test]
    public async Task The_chain_takes_a_profile_for_its_registry_only_and_AWS_before_docker()
    {
        var variables = new Dictionary<string, string?>
        {
            ["HOME"] = _root.Path,
            ["SDK_CONTAINER_REGISTRY_UNAME"] = "me",
            ["SDK_CONTAINER_REGISTRY_PWORD"] = "x"
        };
        _root.Write(".docker/config.json", $$"""
            {"auths":{"a.test":{"auth":"{{Base64("d:p")}}"},"b.test":{"auth":"{{Base64("d:p")}}"},"c.test":{"auth":"{{Base64("d:p")}}"} } }
            """);
        var use = new RegistryUse
        {
            Profiles = new Dictionary<string, string> { ["a.test"] = "special" },
            BaseRegistry = "e.test",
            Destination = "e.test",
        };
        var fallbacks = new List<int>();
        var chain = RegistryCredentials.Create(
            variables.GetValueOrDefault,
            use,
            (profile, otherwise) =>
            {
                fallbacks.Add(otherwise.Count);
                return new Profile(profile ?? "default", unknown: "c.test");
            },
            TimeProvider.System);

        Assert.That((await chain.FindAsync(Pull("a.test"), default))!.SourceName, Is.EqualTo("special"));
        Assert.That((await chain.FindAsync(Pull("b.test"), default))!.SourceName, Is.EqualTo("default"));
        Assert.That((await chain.FindAsync(Pull("c.test"), default))!.SourceName, Does.Contain("config.json"));
        Assert.That((await chain.FindAsync(Pull("e.test"), default))!.SourceName, Does.Contain("SDK_CONTAINER_REGISTRY_UNAME"));
        Assert.That(fallbacks, Is.EqualTo(new[] { 2, 2 }), "docker's and podman's files, where AWS gives nothing");
    }

    [Test]
    public void A_credential_cannot_be_used_for_another_registry()
    {
        var credential = new Credential(Pull("a.test"), "somewhere") { Username = "me", Password = "s3cret" };
        var origin = new HttpOrigin(new Uri("https://a.test/"));

        var header = credential.ToBasic("a.test", origin)!;

        Assert.That(() => credential.ToBasic("b.test", origin), Throws.InvalidOperationException);
        Assert.That(header.For(new Uri("https://a.test/v2/x")), Is.Not.Null);
        foreach (var other in new[] { "http://a.test/", "https://a.test:444/", "https://a.test.evil.example/", "https://x@b.test/" })
            Assert.That(header.For(new Uri(other)), Is.Null, other);
    }

    [Test]
    public async Task A_source_that_answers_for_something_else_is_a_mistake_and_not_used()
    {
        var chain = new CredentialChain([new Liar()]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => chain.FindAsync(Pull("a.test"), default));
    }

    [Test]
    public void A_credential_never_prints_its_secret()
    {
        var credential = new Credential(Pull("a.test"), "somewhere") { Username = "me", Password = "s3cret", IdentityToken = "t0ken" };

        Assert.That($"{credential}", Is.EqualTo("somewhere"));
    }

    private static CredentialScope Pull(string registry) => new(registry, CredentialPurpose.Pull);

    private static EnvironmentCredentialSource Variables(string prefix, RegistryUse use)
    {
        var variables = new Dictionary<string, string?> { [prefix + "_UNAME"] = "me", [prefix + "_PWORD"] = "x" };
        return new EnvironmentCredentialSource(variables.GetValueOrDefault, use);
    }

    private Task<Credential?> GetAsync(string config, string registry, TimeSpan? timeout = null) =>
        Source(config, timeout ?? TimeSpan.FromSeconds(30)).GetAsync(Pull(registry), default);

    private DockerConfigSource Source(string config, TimeSpan timeout)
    {
        var path = _root.Write("config.json", config);
        var helper = new CredentialHelper(x => x == "PATH" ? _root.Folder("bin") : null, timeout, TimeProvider.System);
        return new DockerConfigSource(path, helper);
    }

    private void Helper(string name, string script) =>
        ShellScript.Write(_root, "bin/docker-credential-" + name, "[ \"$1\" = get ] || exit 9\n" + script);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class Profile(string name, string unknown) : ICredentialSource
    {
        public string Name => name;

        public Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken) =>
            Task.FromResult(
                scope.Registry == unknown ? null : new Credential(scope, name) { Username = "AWS", Password = "x" });
    }

    private sealed class Liar : ICredentialSource
    {
        public string Name => "a liar";

        public Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken) =>
            Task.FromResult<Credential?>(new Credential(Pull("other.test"), Name) { Username = "me", Password = "x" });
    }
}
