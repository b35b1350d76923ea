using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Tests.Aws;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

public sealed class EcrRepositoriesTests : FakeAwsTestBase
{
    private const string Name = "team/shop";

    private EcrRepositories Repositories => new(Clients(), new RecordingLog());

    private Task EnsureAsync(
        RepositorySettings settings, string host = "123456789012.dkr.ecr.us-east-1.amazonaws.com") =>
        Repositories.EnsureAsync(EcrRegistryHost.Parse(host), Name, settings, null, default);

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
        await EnsureAsync(RepositorySettingsTests.Parse(
            ("EcrCreateRepository", "true"), ("EcrRepositoryTags", "team=shop"), ("EcrScanOnPush", "true"),
            ("EcrImageTagMutability", "immutable"), ("EcrKmsKey", "alias/shop")));

        var request = Aws.Ecr.Find(Name)!.Settings;
        Assert.That(Changes, Is.EqualTo(new[] { "CreateRepository" }));
        Assert.That((string?)request["registryId"], Is.EqualTo("123456789012"));
        Assert.That((string?)request["imageTagMutability"], Is.EqualTo("IMMUTABLE"));
        Assert.That((bool?)request["imageScanningConfiguration"]!["scanOnPush"], Is.True);
        Assert.That(
            request["encryptionConfiguration"]!.ToJsonString(),
            Is.EqualTo("""{"encryptionType":"KMS","kmsKey":"alias/shop"}"""));
        Assert.That(request["tags"]!.ToJsonString(), Is.EqualTo("""[{"Key":"team","Value":"shop"}]"""));
    }

    [Test]
    public async Task An_existing_repository_is_left_as_it_is()
    {
        Aws.Ecr.Add(Name).Settings["imageTagMutability"] = "MUTABLE";

        await EnsureAsync(new RepositorySettings { Create = true, TagMutability = "IMMUTABLE" });

        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public void Another_build_may_create_it_in_between()
    {
        Refuse("CreateRepository", "RepositoryAlreadyExistsException");

        Assert.That(() => EnsureAsync(new RepositorySettings { Create = true }), Throws.Nothing);
        Assert.That(Changes, Is.EqualTo(new[] { "CreateRepository" }));
    }

    [Test]
    public async Task Who_may_only_push_is_not_stopped_for_not_being_allowed_to_look()
    {
        Refuse("DescribeRepositories", "AccessDeniedException");

        await EnsureAsync(new RepositorySettings());

        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public async Task The_public_gallery_s_repositories_are_not_created_here()
    {
        var error = await Failure.OfAsync(() => EnsureAsync(new RepositorySettings { Create = true }, "public.ecr.aws"));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1212"));
        Assert.That(error.Message, Does.Contain("--repository-name shop"));
    }
}
