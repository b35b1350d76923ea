using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.HandOver;

namespace LambdaLayers.Containers.Core.Tests.Deployment.HandOver;

public sealed class HandOverDocumentTests
{
    private static HandOverImage Image(string architecture) => new(
        new PublishedImage($"host/shop@{Digest.Of("x"u8)}", architecture, Digest.Of("x"u8)),
        ["1"],
        [new HandOverLayer("arn:aws:lambda:us-east-1:123456789012:layer:tools:1", "/opt", "sha256:a", "sha256:b", 7)]);

    private static JsonNode Create(params HandOverImage[] images) =>
        JsonNode.Parse(HandOverDocument.Create("host", "shop", ["1"], "base:1", "", images))!;

    [Test]
    public void One_image_has_one_URI_to_take()
    {
        var json = Create(Image("x86_64"));

        Assert.That(json["imageUri"]!.GetValue<string>(), Is.EqualTo($"host/shop@{Digest.Of("x"u8)}"));
        Assert.That(json["base"]!["digest"], Is.Null);
        Assert.That(json["images"]![0]!["layers"]![0]!["source"]!.GetValue<string>(), Does.EndWith(":tools:1"));
    }

    [Test]
    public void Several_images_have_one_for_each_architecture_and_none_for_all()
    {
        var json = Create(Image("x86_64"), Image("arm64"));

        Assert.That(json["imageUri"], Is.Null);
        Assert.That(json["imageUris"]!.AsObject().Select(x => x.Key), Is.EqualTo(new[] { "arm64", "x86_64" }));
    }

    [Test]
    public void The_SDK_s_description_of_an_image_tells_architecture_and_fingerprint()
    {
        var image = ReadPublishedImage.Run(
            "host", "shop", Digest.Of("x"u8).ToString(),
            """{"architecture":"arm64","config":{"Labels":{"lambdalayers.fingerprint":"f"}}}""");

        Assert.That((image.Architecture, image.Fingerprint), Is.EqualTo(("arm64", "f")));
    }
}
