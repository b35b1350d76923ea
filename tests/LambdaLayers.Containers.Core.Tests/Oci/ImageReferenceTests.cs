using CsCheck;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Oci;

public class ImageReferenceTests
{
    private const string Sha = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [TestCase("public.ecr.aws/datadog/lambda-extension:65", "public.ecr.aws", "datadog/lambda-extension", "65")]
    [TestCase("docker://public.ecr.aws/lambda/dotnet:10", "public.ecr.aws", "lambda/dotnet", "10")]
    [TestCase("localhost:5000/x", "localhost:5000", "x", "latest")]
    [TestCase("localhost/x:y", "localhost", "x", "y")]
    [TestCase("[::1]:5000/a/b:c", "[::1]:5000", "a/b", "c")]
    [TestCase("[fd00::1]/a", "[fd00::1]", "a", "latest")]
    [TestCase("127.0.0.1:5000/a__b/c--d/e.f", "127.0.0.1:5000", "a__b/c--d/e.f", "latest")]
    [TestCase("alpine", "docker.io", "library/alpine", "latest")]
    [TestCase("alpine:3.20", "docker.io", "library/alpine", "3.20")]
    [TestCase("grafana/agent", "docker.io", "grafana/agent", "latest")]
    [TestCase("docker.io/alpine", "docker.io", "library/alpine", "latest")]
    [TestCase("index.docker.io/library/alpine", "docker.io", "library/alpine", "latest")]
    [TestCase("Registry.Example.COM/a:B", "registry.example.com", "a", "B")]
    [TestCase("UPPER/a", "upper", "a", "latest")]
    [TestCase("Host/a", "host", "a", "latest")]
    [TestCase("localhost/a", "localhost", "a", "latest")]
    [TestCase("localhost:5000/a", "localhost:5000", "a", "latest")]
    [TestCase("example.com", "docker.io", "library/example.com", "latest")]
    [TestCase("index.docker.io/a", "docker.io", "library/a", "latest")]
    [TestCase("registry-1.docker.io/a/b", "docker.io", "a/b", "latest")]
    [TestCase("a/b:1", "docker.io", "a/b", "1")]
    [TestCase("docker://example.com/a:1", "example.com", "a", "1")]
    [TestCase("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/base:1_2.3-4", "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        "team/base", "1_2.3-4")]
    public void A_reference_names_registry_repository_and_tag(string text, string registry, string repository, string tag)
    {
        var reference = ImageReference.Parse(text);

        Assert.That((reference.Registry, reference.Repository, reference.Tag), Is.EqualTo((registry, repository, tag)));
        Assert.That(reference.ToString(), Is.EqualTo($"{registry}/{repository}:{tag}"));
    }

    [Test]
    public void A_digest_alone_leaves_no_tag()
    {
        var reference = ImageReference.Parse("ghcr.io/a/b@" + Sha);

        Assert.That(reference.Tag, Is.Null);
        Assert.That(reference.ManifestName, Is.EqualTo(Sha));
    }

    [Test]
    public void Tag_and_digest_stand_together_and_the_digest_is_asked_for()
    {
        var reference = ImageReference.Parse("localhost:5000/a/b:1@" + Sha);

        Assert.That((reference.Tag, reference.Digest), Is.EqualTo(("1", Digest.Parse(Sha))));
        Assert.That(reference.ManifestName, Is.EqualTo(Sha));
        Assert.That(reference.ToString(), Is.EqualTo("localhost:5000/a/b:1@" + Sha));
    }

    [TestCase("")]
    [TestCase("docker://")]
    [TestCase("localhost:5000/")]
    [TestCase("a//b")]
    [TestCase("/a")]
    [TestCase("a/")]
    [TestCase("a/B")]
    [TestCase("a___b")]
    [TestCase("a..b/c/d/..")]
    [TestCase("ghcr.io/a:")]
    [TestCase("ghcr.io/a:-x")]
    [TestCase("ghcr.io/a@sha256:12")]
    [TestCase("ghcr.io/a@md5:d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase("ghcr.io/a@SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [TestCase("ghcr.io:port/a")]
    [TestCase("user@ghcr.io/a")]
    [TestCase("https://ghcr.io/a")]
    [TestCase("ghcr.io/a?x=y")]
    [TestCase("ghcr.io/a b")]
    [TestCase("ghcr.io/a\n")]
    [TestCase("-bad.io/a")]
    public void What_is_no_reference_is_refused_and_explained(string text)
    {
        Assert.That(ImageReference.TryParse(text, out _), Is.False);
        Assert.That(() => ImageReference.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("is not an image reference"));
    }

    [TestCase("-bad-:80/x", "'-bad-:80' is not a host name.")]
    [TestCase("example.com:99999/x", "'example.com:99999' is not a host name.")]
    [TestCase("example.com/", "it names no repository.")]
    [TestCase("", "it names no repository.")]
    [TestCase(":x", "it names no repository.")]
    [TestCase("example.com/Orders", "'Orders' is not a repository name (lower-case letters, digits, and . _ - / between them).")]
    [TestCase("example.com/a@sha256:1", "what follows '@' must be sha256: and 64 hex digits.")]
    [TestCase("@", "what follows '@' must be sha256: and 64 hex digits.")]
    [TestCase("example.com/a:b c", "'b c' is not a tag (letters, digits, _ . - and at most 128 of them).")]
    public void A_reference_that_is_none_says_why(string text, string words) => Assert.That(
        () => ImageReference.Parse(text),
        Throws.TypeOf<FormatException>().With.Message.EqualTo($"'{text}' is not an image reference: {words}"));

    [Test]
    public void Names_longer_than_255_and_tags_longer_than_128_are_refused()
    {
        Assert.That(ImageReference.TryParse("ghcr.io/" + new string('a', 248), out _), Is.False);
        Assert.That(ImageReference.TryParse("ghcr.io/" + new string('a', 247), out _), Is.True);
        Assert.That(
            () => ImageReference.Parse("ghcr.io/" + new string('a', 248)),
            Throws.TypeOf<FormatException>().With.Message.EndsWith("its name is longer than 255 characters."));
        Assert.That(ImageReference.TryParse("ghcr.io/a:" + new string('a', 129), out _), Is.False);
        Assert.That(ImageReference.TryParse("ghcr.io/a:" + new string('a', 128), out _), Is.True);
    }

    [Test]
    public void Parts_as_the_SDK_hands_them_over_make_a_reference()
    {
        Assert.That(ImageReference.Create("mcr.microsoft.com", "dotnet/runtime", "10.0", null).ToString(),
            Is.EqualTo("mcr.microsoft.com/dotnet/runtime:10.0"));
        Assert.That(ImageReference.Create("", "alpine", "", Sha).ToString(), Is.EqualTo("docker.io/library/alpine@" + Sha));
    }

    [Test]
    public void Reading_what_was_written_gives_the_same_reference()
    {
        var component = Gen.String[Gen.Char["abc019"], 1, 6];
        var host = OneOf("ghcr.io", "localhost", "localhost:5000", "[::1]:80", "docker.io", "10.0.0.1:443");
        var path = component.Array[1, 4].Select(x => string.Join('/', x));
        var tag = Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char["aZ0_.-"], 0, 20].Select(x => ":a" + x));
        var digest = OneOf("", "@" + Sha);

        Gen.Select(host, path, tag, digest).Sample((h, p, t, d) =>
        {
            var reference = ImageReference.Parse($"{h}/{p}{t}{d}");

            Assert.That(ImageReference.Parse(reference.ToString()), Is.EqualTo(reference));
        });
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Test]
    public void Anything_typed_is_either_read_or_refused()
    {
        Gen.String.Sample(text => ImageReference.TryParse(text, out var reference) == (reference is not null));
    }
}
