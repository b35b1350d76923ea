using Amazon.Runtime;
using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class AwsClientSettingsTests : AwsTestBase
{
    private ServiceConfig Configure(string? profile = null)
    {
        var config = new ServiceConfig(AwsService.Lambda, Frankfurt, profile);
        AwsClientSettings.Apply(config, profile, Environment.GetEnvironmentVariable);
        return config;
    }

    [TestCase(null, null, "lambda.eu-central-1.amazonaws.com")]
    [TestCase("true", null, "lambda-fips.eu-central-1.amazonaws.com")]
    [TestCase(null, "true", "lambda.eu-central-1.api.aws")]
    [TestCase("true", "TRUE", "lambda-fips.eu-central-1.api.aws")]
    [TestCase("false", "nonsense", "lambda.eu-central-1.amazonaws.com")]
    public void Fips_and_dual_stack_come_from_the_environment(string? fips, string? dualStack, string host)
    {
        Env.Set("AWS_USE_FIPS_ENDPOINT", fips);
        Env.Set("AWS_USE_DUALSTACK_ENDPOINT", dualStack);

        Assert.That(Configure().Authority, Is.EqualTo(host));
    }

    [TestCase(null, "lambda-fips.eu-central-1.amazonaws.com", 6)]
    [TestCase("2", "lambda-fips.eu-central-1.amazonaws.com", 1)]
    public void A_named_profile_s_settings_count_below_the_environment_s(string? attempts, string host, int retries)
    {
        Env.Config("[profile team]\nuse_fips_endpoint = true\nmax_attempts = 7\nretry_mode = adaptive\n");
        Env.Set("AWS_MAX_ATTEMPTS", attempts);

        var config = Configure("team");

        Assert.That(config.Authority, Is.EqualTo(host));
        Assert.That(config.MaxErrorRetry, Is.EqualTo(retries));
        Assert.That(config.RetryMode, Is.EqualTo(RequestRetryMode.Adaptive));
    }

    [Test]
    public void Configured_endpoints_can_be_ignored()
    {
        Env.Set("AWS_ENDPOINT_URL", "http://localhost:1");
        Env.Set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");

        Assert.That(Configure().Authority, Is.EqualTo("lambda.eu-central-1.amazonaws.com"));
    }

    [Test]
    public void A_changed_environment_counts_at_once()
    {
        Env.Set("AWS_MAX_ATTEMPTS", "5");
        var before = Configure().MaxErrorRetry;
        Env.Set("AWS_MAX_ATTEMPTS", "9");

        Assert.That((before, Configure().MaxErrorRetry), Is.EqualTo((4, 8)));
    }

    [Test]
    public void A_registry_s_host_decides_how_its_api_is_called()
    {
        Env.WithKeys();
        var plain = new ServiceConfig(AwsService.Ecr, Frankfurt, null);
        var both = new ServiceConfig(AwsService.Ecr, Frankfurt, null) { UseFIPSEndpoint = true, UseDualstackEndpoint = true };

        Assert.That(plain.Authority, Is.EqualTo("api.ecr.eu-central-1.amazonaws.com"));
        Assert.That(both.Authority, Is.EqualTo("ecr-fips.eu-central-1.api.aws"));
    }
}
