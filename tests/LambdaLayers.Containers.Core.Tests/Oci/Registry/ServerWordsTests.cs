using System.Net;
using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>What registries and token services say, and how much of it is believed and repeated.</summary>
public sealed class ServerWordsTests
{
    private static readonly ImageReference Image = ImageReference.Parse("example.com/orders:1.2.0");

    [TestCase("""{"errors":[{"code":"DENIED","message":"no."}]}""", " It says: DENIED, no.")]
    [TestCase("""{"errors":[{"code":"DENIED"}]}""", " It says: DENIED.")]
    [TestCase("""{"errors":[{"message":"no"}]}""", " It says: no.")]
    [TestCase("""{"error":"e","error_description":"d","details":"x"}""", " It says: d.")]
    [TestCase("""{"error":"e","details":"x"}""", " It says: x.")]
    [TestCase("""{"message":"m","error_description":"d","details":"x","error":"e"}""", " It says: m.")]
    [TestCase("""{"error":"e"}""", " It says: e.")]
    [TestCase("""{"message":"","error":"e"}""", " It says: e.")]
    [TestCase("""{"errors":[]}""", "")]
    [TestCase("""{"errors":[1]}""", "")]
    [TestCase("""{"errors":[],"message":"m"}""", " It says: m.")]
    [TestCase("""[]""", "")]
    [TestCase("""<html>""", "")]
    [TestCase("""{"message":"a\r\nb"}""", " It says: a  b.")]
    [TestCase("""{"message":"go to https://x.test/y?token=1 now"}""", " It says: go to https://x.test/y?*** now.")]
    [TestCase("""{"message":"pass and password?"}""", " It says: *** and ***?.")]
    public void The_first_error_is_repeated_without_what_was_sent(string body, string sentence) =>
        Assert.That(ServerAnswer.Parse(Encoding.UTF8.GetBytes(body), ["", "pass", "password"]).Sentence, Is.EqualTo(sentence));

    [TestCase(300, false)]
    [TestCase(301, true)]
    public void Long_words_are_cut(int length, bool cut)
    {
        var words = ServerAnswer.Parse(Encoding.UTF8.GetBytes($$"""{"message":"{{new string('x', length)}}"}"""), []).Message!;

        Assert.That(words, Is.EqualTo(new string('x', 300) + (cut ? "…" : "")));
    }

    [TestCase("Bearer", "realm=\"https://auth.test/token\",service=\"s\",scope=\"repository:a:pull,push\"", "https://auth.test/token", "s", "repository:a:pull,push")]
    [TestCase("bearer", "Realm = \"r\" , SERVICE=s , scope=\"a \\\"b\\\\\"", "r", "s", "a \"b\\")]
    [TestCase("Bearer", "realm=r", "r", null, null)]
    [TestCase("Bearer", "realm=,service=s", "", "s", null)]
    [TestCase("Bearer", "realm=\"a\",realm=\"b\"", "a", null, null)]
    [TestCase("Bearer", "realm=\"never ends", "never ends", null, null)]
    [TestCase("Bearer", "realm=\"ends so\\", "ends so\\", null, null)]
    [TestCase("Bearer", "realm= ", "", null, null)]
    [TestCase("Bearer", "nothing", null, null, null)]
    [TestCase("Bearer", null, null, null, null)]
    public void A_challenge_has_named_parameters(string scheme, string? parameter, string? realm, string? service, string? scope)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.Add(new(scheme, parameter));
        response.Headers.WwwAuthenticate.Add(new("Basic", "realm=\"x\""));

        var challenges = AuthChallenge.Of(response);

        Assert.That(challenges.Select(c => (c.IsBearer, c.IsBasic)), Is.EqualTo([(true, false), (false, true)]));
        Assert.That((challenges[0].Realm, challenges[0].Service, challenges[0].Scope), Is.EqualTo((realm, service, scope)));
    }

    [TestCase("https://r.test", "https://auth.elsewhere.test/token?x=1#y", null)]
    [TestCase("https://r.test", null, "'', which we do not do: it is not an absolute HTTP address")]
    [TestCase("https://r.test", "token", "'an address that is none', which we do not do: it is not an absolute HTTP address")]
    [TestCase("https://r.test", "ftp://auth.test/", "'an address that is none', which we do not do: it is not an absolute HTTP address")]
    [TestCase("https://r.test", "https://me@auth.test/t?x", "'https://auth.test/t', which we do not do: it holds a user name")]
    [TestCase("https://r.test", "http://r.test/t", "'http://r.test/t', which we do not do: it is plain HTTP while the registry is HTTPS")]
    [TestCase("http://r.test", "http://r.test/t", null)]
    [TestCase("http://r.test", "https://auth.test/t", null)]
    [TestCase("http://r.test", "http://auth.test/t", "'http://auth.test/t', which we do not do: it is plain HTTP on another host")]
    [TestCase("https://r.test", "https://localhost/t", "'https://localhost/t', which we do not do: it is on this machine or link-local")]
    [TestCase("https://r.test", "https://169.254.1.1/t", "'https://169.254.1.1/t', which we do not do: it is on this machine or link-local")]
    [TestCase("http://localhost:5000", "http://127.0.0.1:5001/t", null)]
    public void A_token_service_is_one_that_nobody_else_can_have_named(string registry, string? realm, string? words)
    {
        var endpoint = new RegistryEndpoint("r.test", new HttpOrigin(new Uri(registry)));

        if (words is null)
            Assert.That(TokenRealm.Check(endpoint, realm), Is.EqualTo(new Uri(realm!)));
        else
            Assert.That(() => TokenRealm.Check(endpoint, realm), Throws.TypeOf<LayersException>().With.Message.Contains(words));
    }

    [TestCase(null, false, "repository:team/app:pull")]
    [TestCase("repository:a/b:pull,push", false, "repository:a/b:pull")]
    [TestCase("repository(plugin):a/b:*", false, "repository(plugin):a/b:pull")]
    [TestCase("repository:a:pull repository:b:push", false, "repository:a:pull repository:b:pull")]
    [TestCase(" ", true, "repository:team/app:pull,push")]
    [TestCase("repository:proxy/app:pull,delete", false, "repository:proxy/app:pull")]
    [TestCase("repository:a:pull repository:a:push registry:catalog:*", true, "repository:a:pull,push registry:catalog:*")]
    [TestCase("repository(plugin):a:pull", true, "repository(plugin):a:pull,push")]
    [TestCase("repository:a", true, "repository:a")]
    [TestCase("aws", false, "aws")]
    public void Scopes_have_the_registry_s_names_and_our_rights(string? offered, bool push, string scopes) =>
        Assert.That(string.Join(' ', TokenScope.For(offered, "team/app", push)), Is.EqualTo(scopes));

    [TestCase(null, """{"manifests":[]}""", MediaTypes.OciIndex)]
    [TestCase("application/json", """{"layers":[]}""", MediaTypes.OciManifest)]
    [TestCase(null, """{"config":{}}""", MediaTypes.OciManifest)]
    [TestCase(MediaTypes.DockerManifest, """{"config":{}}""", MediaTypes.DockerManifest)]
    [TestCase("x/y", """{"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{}}""", MediaTypes.OciManifest)]
    [TestCase(null, """{"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[]}""", MediaTypes.DockerManifestList)]
    [TestCase(null, """{"manifests":[],"config":{}}""", "it is a manifest and an index at the same time")]
    [TestCase(MediaTypes.OciIndex, """{"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{}}""",
        "it says that it is 'application/vnd.oci.image.manifest.v1+json' but was sent as 'application/vnd.oci.image.index.v1+json'")]
    [TestCase(MediaTypes.OciIndex, """{"config":{}}""", "its content does not fit its type 'application/vnd.oci.image.index.v1+json'")]
    [TestCase(MediaTypes.OciManifest, """{"manifests":[]}""", "its content does not fit its type 'application/vnd.oci.image.manifest.v1+json'")]
    [TestCase("x/y", "{}", "x/y")]
    [TestCase(null, "{}", "something unknown")]
    [TestCase("x/y", """{"mediaType":"a/b"}""", "a/b")]
    [TestCase(null, """{"schemaVersion":1}""", "schema 1")]
    [TestCase("application/vnd.docker.distribution.manifest.v1+prettyjws", "{}", "schema 1")]
    [TestCase(null, "[]", "it is not a JSON object")]
    public void A_manifest_is_what_header_and_content_agree_on(string? header, string body, string expected)
    {
        string Decide() => ManifestType.Decide(Image, header, Encoding.UTF8.GetBytes(body));

        if (expected.StartsWith("application/", StringComparison.Ordinal))
            Assert.That(Decide(), Is.EqualTo(expected));
        else
            Assert.That(Decide, Throws.TypeOf<LayersException>().With.Message.Contains(expected));
    }
}
