using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Images;

/// <summary>Which Lambda runtime a base image stands for, and which layers are for it.</summary>
public sealed class FunctionRuntimeTests
{
    [TestCase("public.ecr.aws/lambda/python:3.13", "python3.13")]
    [TestCase("public.ecr.aws/lambda/python:3.13-arm64", "python3.13")]
    [TestCase("public.ecr.aws/lambda/python:3.12.2025.10.01.12", "python3.12")]
    [TestCase("amazon/aws-lambda-nodejs:22", "nodejs22.x")]
    [TestCase("123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror/lambda/nodejs:20-x86_64", "nodejs20.x")]
    [TestCase("public.ecr.aws/lambda/java:21", "java21")]
    [TestCase("public.ecr.aws/lambda/java:8.al2", "java8.al2")]
    [TestCase("public.ecr.aws/lambda/ruby:3.4", "ruby3.4")]
    [TestCase("public.ecr.aws/lambda/dotnet:10", "dotnet10")]
    [TestCase("public.ecr.aws/lambda/provided:al2023", "provided.al2023")]
    [TestCase("public.ecr.aws/lambda/python:latest", "python")]
    [TestCase("localhost:5000/mirror/lambda-python:3.13", "python3.13")]
    [TestCase("python:3.13", null)]
    [TestCase("example.com/team/my-lambda/python-tools:3", null)]
    public void The_name_of_a_base_image_tells_its_runtime(string image, string? runtime) =>
        Assert.That(FunctionRuntime.OfBaseImage(ImageReference.Parse(image))?.Name, Is.EqualTo(runtime));

    [Test]
    public void A_digest_alone_and_no_base_tell_the_family_or_nothing()
    {
        var pinned = ImageReference.Parse($"public.ecr.aws/lambda/python@sha256:{new string('a', 64)}");

        Assert.That(FunctionRuntime.OfBaseImage(pinned)!.Name, Is.EqualTo("python"));
        Assert.That(FunctionRuntime.OfBaseImage(null), Is.Null);
    }

    [TestCase("python3.13", "python3.13", true)]
    [TestCase("python3.13", "python3.12", false)]
    [TestCase("python", "python3.9", true)]
    [TestCase("python", "nodejs22.x", false)]
    [TestCase("provided.al2023", "provided.al2", true)]
    [TestCase("provided.al2023", "python3.13", false)]
    [TestCase("dotnet9", "dotnet8", true)]
    [TestCase("dotnet10", "dotnet8", false)]
    public void Layers_are_for_their_publishers_runtimes(string function, string layer, bool met) =>
        Assert.That(FunctionRuntime.Parse(function).IsMetBy(layer), Is.EqualTo(met));

    [Test]
    public void What_is_no_runtime_is_refused() =>
        Assert.That(
            Assert.Throws<LayersException>(() => FunctionRuntime.Parse("cobol"))!.Diagnostic.Code, Is.EqualTo("LLC2336"));
}
