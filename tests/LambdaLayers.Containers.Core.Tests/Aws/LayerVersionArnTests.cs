using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class LayerVersionArnTests
{
    [TestCase("arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53", "us-east-1", 53)]
    [TestCase("arn:aws-cn:lambda:cn-northwest-1:123456789012:layer:a_b-C9:1", "cn-northwest-1", 1)]
    [TestCase("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:layer:x:7", "us-gov-west-1", 7)]
    [TestCase("arn:aws-iso:lambda:us-iso-east-1:123456789012:layer:x:7", "us-iso-east-1", 7)]
    [TestCase("arn:aws-iso-b:lambda:us-isob-east-1:123456789012:layer:x:7", "us-isob-east-1", 7)]
    [TestCase("arn:aws-iso-e:lambda:eu-isoe-west-1:123456789012:layer:x:7", "eu-isoe-west-1", 7)]
    [TestCase("arn:aws-iso-f:lambda:us-isof-south-1:123456789012:layer:x:7", "us-isof-south-1", 7)]
    [TestCase("arn:aws-eusc:lambda:eusc-de-east-1:123456789012:layer:x:9223372036854775807", "eusc-de-east-1", long.MaxValue)]
    public void Versioned_arns_of_every_partition_are_read(string text, string region, long version)
    {
        var arn = LayerVersionArn.Parse(text);

        Assert.Multiple(() =>
        {
            Assert.That(arn.Region!.Name, Is.EqualTo(region));
            Assert.That(arn.Version, Is.EqualTo(version));
            Assert.That(arn.IsLatest, Is.False);
            Assert.That(arn.ToString(), Is.EqualTo(text));
            Assert.That(arn.LayerArn, Is.EqualTo(text[..text.LastIndexOf(':')]));
        });
    }

    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:latest")]
    public void Arns_without_a_version_ask_for_the_latest(string text)
    {
        var arn = LayerVersionArn.Parse(text);

        Assert.Multiple(() =>
        {
            Assert.That(arn.IsLatest);
            Assert.That(arn.ToString(), Is.EqualTo("arn:aws:lambda:eu-west-1:123456789012:layer:tools"));
            Assert.That(arn.WithVersion(3).ToString(), Is.EqualTo("arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"));
            Assert.That((arn.Partition, arn.AccountId, arn.LayerName), Is.EqualTo(("aws", "123456789012", "tools")));
        });
    }

    [Test]
    public void Layers_that_AWS_manages_have_neither_region_nor_version()
    {
        var arn = LayerVersionArn.Parse("arn:aws:lambda:::awslayer:AmazonLinux1803");

        Assert.Multiple(() =>
        {
            Assert.That(arn.IsAwsManaged);
            Assert.That(arn.IsLatest, Is.False);
            Assert.That(arn.Region, Is.Null);
            Assert.That(arn.LayerName, Is.EqualTo("AmazonLinux1803"));
            Assert.That(arn.ToString(), Is.EqualTo("arn:aws:lambda:::awslayer:AmazonLinux1803"));
        });
    }

    [Test]
    public void Leading_zeros_of_a_version_do_not_make_another_arn() =>
        Assert.That(
            LayerVersionArn.Parse("arn:aws:lambda:eu-west-1:123456789012:layer:tools:007"),
            Is.EqualTo(LayerVersionArn.Parse("arn:aws:lambda:eu-west-1:123456789012:layer:tools:7")));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:function:tools")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:0")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:1:2")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:LATEST")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:-1")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:9223372036854775808")]
    [TestCase("arn:aws:lambda:eu-west-1:12345678901:layer:tools:1")]
    [TestCase("arn:aws:lambda:eu-west-1:1234567890123:layer:tools:1")]
    [TestCase("arn:aws:lambda:eu-west-1:١٢٣٤٥٦٧٨٩٠١٢:layer:tools:1")]
    [TestCase("arn:aws:lambda:europe:123456789012:layer:tools:1")]
    [TestCase("arn:aws:lambda:EU-WEST-1:123456789012:layer:tools:1")]
    [TestCase("arn:gcp:lambda:eu-west-1:123456789012:layer:tools:1")]
    [TestCase("arn:aws:s3:eu-west-1:123456789012:layer:tools:1")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:to ols:1")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools/x:1")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:layer:tools:1\n")]
    [TestCase(" arn:aws:lambda:eu-west-1:123456789012:layer:tools:1")]
    [TestCase("arn:aws:lambda:::awslayer:x:1")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:awslayer:x")]
    public void Anything_else_is_refused(string? text) =>
        Assert.That(LayerVersionArn.TryParse(text, out _), Is.False);

    [TestCase(140, true)]
    [TestCase(141, false)]
    public void Names_have_a_limit(int length, bool valid) =>
        Assert.That(
            LayerVersionArn.TryParse($"arn:aws:lambda:eu-west-1:123456789012:layer:{new string('n', length)}:1", out _),
            Is.EqualTo(valid));

    [Test]
    public void Parse_names_what_it_could_not_read() =>
        Assert.That(
            () => LayerVersionArn.Parse("nonsense"), Throws.TypeOf<FormatException>().With.Message.Contains("nonsense"));
}
