using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.HandOver;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Deployment.HandOver;

public sealed class HandOverFileTests
{
    private static HandOverImage Image(string architecture) => new(
        new PublishedImage($"host/shop@{Digest.Of("x"u8)}", architecture, Digest.Of("x"u8)),
        ["1"],
        [new HandOverLayer("arn:aws:lambda:us-east-1:123456789012:layer:tools:1", "/opt", "sha256:a", "sha256:b", 7)]);

    private static HandOverFile File(params HandOverImage[] images) => new("host", "shop", ["1"], "base:1", "", images);

    private static JsonNode Create(params HandOverImage[] images) => JsonNode.Parse(File(images).ToJson())!;

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
    public void The_SDK_s_description_of_an_image_tells_its_architecture()
    {
        var image = PublishedImage.Parse("host", "shop", Digest.Of("x"u8).ToString(), """{"architecture":"arm64"}""");

        Assert.That((image.Uri, image.Architecture), Is.EqualTo(($"host/shop@{Digest.Of("x"u8)}", "arm64")));
    }

    [Test]
    public async Task The_file_is_written_into_a_folder_that_is_not_there_yet()
    {
        using var root = new TempRoot();
        var path = Path.Combine(root.Path, "out", "lambda-image.json");

        await File(Image("x86_64")).WriteAsync(path, default);

        Assert.That(await System.IO.File.ReadAllTextAsync(path), Is.EqualTo(File(Image("x86_64")).ToJson()));
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_place_that_cannot_be_written_is_named_with_what_was_pushed()
    {
        using var root = new TempRoot();
        var file = root.Write("plain", "kept");

        foreach (var path in new[] { Path.Combine(file, "lambda-image.json"), root.Path })
        {
            var error = await Failure.OfAsync(() => File(Image("x86_64")).WriteAsync(path, default));

            Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC5011"));
            Assert.That(error.Message, Does.Contain("LambdaImageFile").And.Contain($"host/shop@{Digest.Of("x"u8)}"));
        }
    }
}
