using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EcrRepositoriesTests
{
    private readonly ScriptedEcr _ecr = new();

    private EcrRepositories Repositories => new(new FakeClients(ecr: _ecr), new RecordingLog());

    private Task EnsureAsync(
        RepositorySettings settings, string host = "123456789012.dkr.ecr.us-east-1.amazonaws.com") =>
        Repositories.EnsureAsync(EcrRegistryHost.Parse(host), "team/shop", settings, null, default);

    private static RepositorySettings Parse(params (string Name, string Value)[] properties) => RepositorySettings.Parse(
        name => properties.FirstOrDefault(x => x.Name == name).Value ?? "");

    [Test]
    public async Task A_missing_repository_is_an_error_that_shows_both_ways_to_make_it()
    {
        var error = await Failure.OfAsync(() => EnsureAsync(new RepositorySettings()));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1210"));
        Assert.That(error.Message, Does.Contain("<EcrCreateRepository>true</EcrCreateRepository>")
            .And.Contain("aws ecr create-repository --region us-east-1 --repository-name team/shop"));
    }

    [Test]
    public async Task A_missing_repository_is_created_as_the_properties_say()
    {
        await EnsureAsync(Parse(
            ("EcrCreateRepository", "true"), ("EcrRepositoryTags", "team=shop"), ("EcrScanOnPush", "true"),
            ("EcrImageTagMutability", "immutable"), ("EcrKmsKey", "alias/shop")));

        var request = _ecr.Created.Single();
        Assert.That(request.RegistryId, Is.EqualTo("123456789012"));
        Assert.That(request.ImageTagMutability, Is.EqualTo("IMMUTABLE"));
        Assert.That(request.ImageScanningConfiguration!.ScanOnPush, Is.True);
        Assert.That(request.EncryptionConfiguration, Is.EqualTo(new EncryptionConfiguration { EncryptionType = "KMS", KmsKey = "alias/shop" }));
        Assert.That(request.Tags, Is.EqualTo(new[] { new Tag { Key = "team", Value = "shop" } }));
    }

    [Test]
    public async Task An_existing_repository_is_left_as_it_is()
    {
        _ecr.Repository = new Repository { ImageTagMutability = "MUTABLE" };

        await EnsureAsync(new RepositorySettings { Create = true, TagMutability = "IMMUTABLE" });

        Assert.That(_ecr.Created, Is.Empty);
    }

    [Test]
    public void Another_build_may_create_it_in_between()
    {
        _ecr.Refuse["CreateRepository"] = Refusals.Ecr("CreateRepository", "RepositoryAlreadyExistsException");

        Assert.That(() => EnsureAsync(new RepositorySettings { Create = true }), Throws.Nothing);
    }

    [Test]
    public async Task Who_may_only_push_is_not_stopped_for_not_being_allowed_to_look()
    {
        _ecr.Refuse["DescribeRepositories"] = Refusals.Denied("ecr:DescribeRepositories");

        await EnsureAsync(new RepositorySettings());

        Assert.That(_ecr.Created, Is.Empty);
    }

    [Test]
    public async Task The_public_gallery_s_repositories_are_not_created_here()
    {
        var error = await Failure.OfAsync(() => EnsureAsync(new RepositorySettings { Create = true }, "public.ecr.aws"));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1212"));
        Assert.That(error.Message, Does.Contain("--repository-name shop"));
    }

    [TestCase("EcrImageTagMutability", "no", "LLC2152")]
    [TestCase("EcrEncryptionType", "ROT13", "LLC2152")]
    [TestCase("EcrCreateRepository", "1", "LLC2150")]
    [TestCase("EcrRepositoryTags", "shop", "LLC2153")]
    public void What_cannot_be_meant_is_named(string property, string value, string code)
    {
        var error = Assert.Throws<LayersException>(() => Parse((property, value)))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    [Test]
    public void A_key_with_encryption_that_uses_none_is_a_contradiction()
    {
        var error = Assert.Throws<LayersException>(() => Parse(("EcrKmsKey", "k"), ("EcrEncryptionType", "AES256")))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2154"));
    }
}
