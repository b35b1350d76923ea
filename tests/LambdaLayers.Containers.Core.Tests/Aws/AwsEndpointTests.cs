using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class AwsEndpointTests : AwsTestBase
{
    private FakeServer Ok() => Serve((_, r) => r.JsonAsync("{}"));

    [Test]
    public async Task The_variable_of_the_service_wins_over_the_common_one()
    {
        Env.WithKeys();
        var (common, own) = (Ok(), Ok());
        Env.Set("AWS_ENDPOINT_URL", common.Address.AbsoluteUri);
        Env.Set("AWS_ENDPOINT_URL_LAMBDA", own.Address.AbsoluteUri);
        var clients = Clients();

        await CallAsync(clients.Lambda(Frankfurt));
        await clients.Ecr(FrankfurtRegistry).DescribeRepositoriesAsync(new(), default);

        Assert.That(own.Requests.Single().Target, Is.EqualTo("/2015-03-31/functions/f"));
        Assert.That(SigV4.Verify(common.Requests.Single()), Is.EqualTo("eu-central-1/ecr"));
    }

    [Test]
    public async Task A_profile_s_endpoint_and_its_services_section_count()
    {
        var (common, own) = (Ok(), Ok());
        Env.Config($"""
            [profile dev]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            endpoint_url = {common.Address}
            [profile local]
            aws_access_key_id = {AwsEnvironment.KeyId}
            aws_secret_access_key = {AwsEnvironment.Secret}
            services = local
            [services local]
            lambda =
              endpoint_url = {own.Address}
            """);

        await CallAsync(Clients("dev").Lambda(Frankfurt));
        await CallAsync(Clients("local").Lambda(Frankfurt));

        SigV4.Verify(common.Requests.Single());
        SigV4.Verify(own.Requests.Single());
    }

    [TestCase("gateway")]
    [TestCase("gateway/")]
    public async Task An_endpoint_may_have_a_path_of_its_own(string path)
    {
        Env.WithKeys();
        var server = Ok();
        Env.Set("AWS_ENDPOINT_URL", server.Address.AbsoluteUri + path);
        var clients = Clients();

        await CallAsync(clients.Lambda(Frankfurt));
        await clients.Ecr(FrankfurtRegistry).DescribeRepositoriesAsync(new(), default);

        Assert.Multiple(() =>
        {
            Assert.That(
                server.Requests.Select(r => r.Target), Is.EqualTo(new[] { "/gateway/2015-03-31/functions/f", "/gateway/" }));
            foreach (var request in server.Requests)
                SigV4.Verify(request);
        });
    }

    [TestCase(null, null, null, "LLC1110")]
    [TestCase("nonsense", null, null, "LLC1111")]
    public void No_region_is_an_error_that_says_where_to_set_one(string? region, string? fallback, string? profile, string code)
    {
        Env.WithKeys();
        Env.Set("AWS_REGION", region);
        Env.Set("AWS_DEFAULT_REGION", fallback);

        var error = Assert.Throws<AwsException>(() => Clients(profile).Lambda())!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    [TestCase("ap-south-1", "us-west-1", "us-west-2", "ap-south-1")]
    [TestCase(null, "us-west-1", "us-west-2", "us-west-1")]
    [TestCase(null, null, "us-west-2", "us-west-2")]
    [TestCase(null, null, null, "eu-north-1")]
    public void The_region_comes_from_option_environment_or_profile(
        string? option, string? variable, string? fallback, string expected)
    {
        Env.Config("[profile team]\nregion = eu-north-1\naws_access_key_id = a\naws_secret_access_key = b\n");
        Env.Set("AWS_REGION", variable);
        Env.Set("AWS_DEFAULT_REGION", fallback);
        var region = option is null ? null : AwsRegion.Parse(option);

        var chosen = Clients("team", region).RegionFor();

        Assert.That(chosen.Name, Is.EqualTo(expected));
    }

    [Test]
    public void Asking_twice_gives_the_same_client()
    {
        var clients = Clients();
        var first = clients.Lambda(Frankfurt);

        Assert.That(clients.Lambda(Frankfurt), Is.SameAs(first));
        Assert.That(clients.Lambda(Frankfurt, "other"), Is.Not.SameAs(first));
    }
}
