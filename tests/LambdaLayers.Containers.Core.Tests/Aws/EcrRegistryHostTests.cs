using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class EcrRegistryHostTests
{
    [TestCase("210987654321.dkr.ecr.us-west-2.amazonaws.com", "us-west-2", false, false)]
    [TestCase("210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", false, false)]
    [TestCase("210987654321.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", true, false)]
    [TestCase("210987654321.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", false, false)]
    [TestCase("210987654321.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", false, false)]
    [TestCase("210987654321.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", false, false)]
    [TestCase("210987654321.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", false, false)]
    [TestCase("210987654321.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", false, false)]
    [TestCase("210987654321.dkr-ecr.eu-west-1.on.aws", "eu-west-1", false, true)]
    [TestCase("210987654321.dkr-ecr-fips.us-east-1.on.aws", "us-east-1", true, true)]
    [TestCase("210987654321.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn", "cn-northwest-1", false, true)]
    public void Private_registries_of_every_form_are_read(string text, string region, bool fips, bool dualStack)
    {
        var host = EcrRegistryHost.Parse(text);

        Assert.Multiple(() =>
        {
            Assert.That(host.Host, Is.EqualTo(text));
            Assert.That(host.AccountId, Is.EqualTo("210987654321"));
            Assert.That(host.Region.Name, Is.EqualTo(region));
            Assert.That(host.IsFips, Is.EqualTo(fips));
            Assert.That(host.IsDualStack, Is.EqualTo(dualStack));
            Assert.That(host.IsPublic, Is.False);
        });
    }

    [TestCase("public.ecr.aws", false)]
    [TestCase("ecr-public.aws.com", true)]
    public void The_public_gallery_has_two_names(string text, bool dualStack)
    {
        var host = EcrRegistryHost.Parse(text);

        Assert.Multiple(() =>
        {
            Assert.That(host.IsPublic);
            Assert.That(host.AccountId, Is.Null);
            Assert.That(host.IsDualStack, Is.EqualTo(dualStack));
            Assert.That(host.Region.Name, Is.EqualTo("us-east-1"));
        });
    }

    [Test]
    public void Host_names_have_no_case() =>
        Assert.That(
            EcrRegistryHost.Parse("210987654321.DKR.ECR.us-west-2.AmazonAWS.com").Host,
            Is.EqualTo("210987654321.dkr.ecr.us-west-2.amazonaws.com"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("docker.io")]
    [TestCase("ecr.example.com")]
    [TestCase(".dkr.ecr.us-west-2.amazonaws.com")]
    [TestCase("21098765432.dkr.ecr.us-west-2.amazonaws.com")]
    [TestCase("210987654321.dkr.ecr..amazonaws.com")]
    [TestCase("210987654321.dkr.ecr.not-real.amazonaws.com")]
    [TestCase("210987654321.dkr.ecr.us-west-2.amazonaws.com.evil.example")]
    [TestCase("evil.210987654321.dkr.ecr.us-west-2.amazonaws.com")]
    [TestCase("210987654321.dkr.ecr.us-west-2.amazonaws.com:443")]
    [TestCase("210987654321.dkr.ecr.us-west-2.amazonaws.com/repo")]
    [TestCase("https://210987654321.dkr.ecr.us-west-2.amazonaws.com")]
    [TestCase("210987654321xdkr.ecr.us-west-2.amazonaws.com")]
    [TestCase("210987654321.dkr.ecr.us-west-2.amazonawsxcom")]
    [TestCase("210987654321.dkr.ecr-vips.us-west-2.amazonaws.com")]
    [TestCase("public.ecr.aws.evil.example")]
    [TestCase("xpublic.ecr.aws")]
    public void Hosts_that_only_look_alike_are_refused(string? text) =>
        Assert.That(EcrRegistryHost.TryParse(text, out _), Is.False);
}
