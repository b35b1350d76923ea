using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class AwsServiceTests
{
    [TestCase("us-east-1", false, false, "lambda.us-east-1.amazonaws.com")]
    [TestCase("us-east-1", true, false, "lambda-fips.us-east-1.amazonaws.com")]
    [TestCase("us-east-1", false, true, "lambda.us-east-1.api.aws")]
    [TestCase("us-gov-west-1", true, true, "lambda-fips.us-gov-west-1.api.aws")]
    [TestCase("cn-north-1", false, false, "lambda.cn-north-1.amazonaws.com.cn")]
    [TestCase("cn-north-1", false, true, "lambda.cn-north-1.api.amazonwebservices.com.cn")]
    [TestCase("us-iso-east-1", false, false, "lambda.us-iso-east-1.c2s.ic.gov")]
    [TestCase("us-isob-east-1", false, false, "lambda.us-isob-east-1.sc2s.sgov.gov")]
    [TestCase("eu-isoe-west-1", false, false, "lambda.eu-isoe-west-1.cloud.adc-e.uk")]
    [TestCase("us-isof-east-1", false, false, "lambda.us-isof-east-1.csp.hci.ic.gov")]
    [TestCase("eusc-de-east-1", false, false, "lambda.eusc-de-east-1.amazonaws.eu")]
    [TestCase("xx-nowhere-9", false, false, "lambda.xx-nowhere-9.amazonaws.com")]
    public void Lambda_is_found_in_every_partition(string region, bool fips, bool dualStack, string expected) =>
        Assert.That(AwsService.Lambda.Host(AwsRegion.Parse(region), fips, dualStack), Is.EqualTo(expected));

    [TestCase("eu-west-1", false, false, "api.ecr.eu-west-1.amazonaws.com")]
    [TestCase("us-east-1", true, false, "ecr-fips.us-east-1.amazonaws.com")]
    [TestCase("us-gov-west-1", true, false, "ecr-fips.us-gov-west-1.amazonaws.com")]
    [TestCase("us-iso-east-1", true, false, "api.ecr-fips.us-iso-east-1.c2s.ic.gov")]
    [TestCase("eu-west-1", false, true, "ecr.eu-west-1.api.aws")]
    [TestCase("us-east-1", true, true, "ecr-fips.us-east-1.api.aws")]
    [TestCase("cn-north-1", false, false, "api.ecr.cn-north-1.amazonaws.com.cn")]
    public void Ecr_is_found_in_every_partition(string region, bool fips, bool dualStack, string expected) =>
        Assert.That(AwsService.Ecr.Host(AwsRegion.Parse(region), fips, dualStack), Is.EqualTo(expected));

    [TestCase(false, "api.ecr-public.us-east-1.amazonaws.com")]
    [TestCase(true, "ecr-public.us-east-1.api.aws")]
    public void The_public_gallery_has_one_region(bool dualStack, string expected) =>
        Assert.That(AwsService.EcrPublic.Host(AwsRegion.Parse("us-east-1"), false, dualStack), Is.EqualTo(expected));
}
