using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>DescribeImages and BatchGetImage, answered from the registry.</summary>
internal sealed class EcrImages(FakeEcr ecr)
{
    public AwsReply Describe(AwsRequest request)
    {
        var body = request.Json();
        var repository = ecr.Named(request, body);
        var details = new JsonArray();
        foreach (var id in body["imageIds"]?.AsArray() ?? [])
        {
            var (digest, tag) = Id(id!);
            var image = Find(repository, digest ?? tag!) ?? throw new AwsException(
                400, "ImageNotFoundException",
                $"The image with imageId {{imageDigest:'{digest ?? "null"}', imageTag:'{tag ?? "null"}'}} does not exist within the "
                + $"repository with name '{repository.Name}' in the registry with id '{FakeAws.AccountId}'");
            var detail = new JsonObject
            {
                ["registryId"] = FakeAws.AccountId,
                ["repositoryName"] = repository.Name,
                ["imageDigest"] = image.Digest,
                ["imageSizeInBytes"] = Size(image),
                ["imagePushedAt"] = 1704067200.0,
                ["imageManifestMediaType"] = image.MediaType,
            };
            if (tag is not null)
            {
                detail["imageTags"] = new JsonArray(tag);
            }

            details.Add(detail);
        }

        return FakeEcr.Json(new JsonObject { ["imageDetails"] = details });
    }

    public AwsReply BatchGet(AwsRequest request)
    {
        var body = request.Json();
        var repository = ecr.Named(request, body);
        var images = new JsonArray();
        var failures = new JsonArray();
        foreach (var id in body["imageIds"]!.AsArray())
        {
            var (digest, tag) = Id(id!);
            if (Find(repository, digest ?? tag!) is { } image)
            {
                var found = new JsonObject { ["imageDigest"] = image.Digest };
                if (tag is not null)
                {
                    found["imageTag"] = tag;
                }

                images.Add(new JsonObject
                {
                    ["registryId"] = FakeAws.AccountId,
                    ["repositoryName"] = repository.Name,
                    ["imageId"] = found,
                    ["imageManifest"] = image.Manifest,
                    ["imageManifestMediaType"] = image.MediaType,
                });
            }
            else
            {
                failures.Add(new JsonObject
                {
                    ["imageId"] = id!.DeepClone(),
                    ["failureCode"] = "ImageNotFound",
                    ["failureReason"] = "Requested image not found",
                });
            }
        }

        return FakeEcr.Json(new JsonObject { ["images"] = images, ["failures"] = failures });
    }

    private ImageLookup? Find(FakeRepository repository, string reference) => ecr.Registry?.Find(repository.Name, reference);

    private static (string? Digest, string? Tag) Id(JsonNode id) =>
        (id["imageDigest"]?.GetValue<string>(), id["imageTag"]?.GetValue<string>()) switch
        {
            (null, null) => throw new AwsException(400, "InvalidParameterException", "imageIds needs a digest or a tag"),
            var both => both,
        };

    private static long Size(ImageLookup image) =>
        JsonNode.Parse(image.Manifest)!["layers"]?.AsArray().Sum(l => l!["size"]!.GetValue<long>()) ?? 0;
}
