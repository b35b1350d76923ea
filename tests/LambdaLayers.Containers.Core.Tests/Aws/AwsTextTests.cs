using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class AwsTextTests
{
    [TestCase("User: arn:aws:iam::1:user/x is not authorized.", "User: arn:aws:iam::1:user/x is not authorized")]
    [TestCase("First line\nThe Canonical String was\nx-amz-security-token:SECRET", "First line")]
    [TestCase("See https://b.s3.amazonaws.com/k?X-Amz-Signature=SECRET now", "See https://b.s3.amazonaws.com/k now")]
    [TestCase("Bad header. Authorization=AWS4-HMAC-SHA256 Credential=SECRET", "Bad header. [removed]")]
    [TestCase("The key AKIAIOSFODNN7EXAMPLE is inactive", "The key [removed] is inactive")]
    [TestCase("An error with HTTP Body: <html>SECRET</html>", "An error with")]
    [TestCase("", "no explanation")]
    [TestCase(null, "no explanation")]
    public void Only_a_clean_first_line_gets_through(string? text, string expected) =>
        Assert.That(AwsText.Sanitize(text), Is.EqualTo(expected));

    [Test]
    public void Tokens_and_endless_texts_are_cut()
    {
        var token = AwsText.Sanitize("token " + new string('A', 400) + "==");
        var endless = AwsText.Sanitize(string.Join(' ', Enumerable.Repeat("word", 200)));

        Assert.That(token, Is.EqualTo("token [removed]"));
        Assert.That(endless, Has.Length.LessThanOrEqualTo(301));
    }
}
