using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

public sealed class PublishedImageTests
{
    [TestCase("", new[] { "x86_64" }, "x86_64")]
    [TestCase("arm64", new[] { "arm64", "x86_64" }, "arm64")]
    [TestCase("x64", new[] { "arm64", "x86_64" }, "x86_64")]
    public void The_image_of_the_function_s_architecture_is_taken(string wanted, string[] published, string expected)
    {
        var image = PublishedImage.Choose(CheckFunctionTests.Request(architecture: wanted), Images(published));

        Assert.That(image.Architecture, Is.EqualTo(expected));
    }

    [TestCase("", new[] { "arm64", "x86_64" }, "LLC2158")]
    [TestCase("arm64", new[] { "x86_64" }, "LLC2159")]
    [TestCase("mips", new[] { "x86_64" }, "LLC2152")]
    public void No_image_is_guessed(string wanted, string[] published, string code)
    {
        var error = Assert.Throws<LayersException>(
            () => PublishedImage.Choose(CheckFunctionTests.Request(architecture: wanted), Images(published)))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    private static List<PublishedImage> Images(string[] architectures) =>
        [.. architectures.Select(x => new PublishedImage($"{CheckFunctionTests.Ecr}/shop@{Digest.Of("x"u8)}", x, Digest.Of("x"u8)))];
}
