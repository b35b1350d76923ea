using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

/// <summary>Base images and layers as the function conventions look at them.</summary>
internal static class FunctionImages
{
    public static readonly string[] AwsEnvironment =
        ["PATH=/usr/bin:/opt/bin", "LD_LIBRARY_PATH=/lib64:/opt/lib", "LAMBDA_TASK_ROOT=/var/task", "LAMBDA_RUNTIME_DIR=/var/runtime"];

    public static Image Provided => Base("/lambda-entrypoint.sh", AwsEnvironment);

    public static Image Dotnet => Base("/lambda-entrypoint.sh", [.. AwsEnvironment, "DOTNET_VERSION=10.0.0"]);

    public static Image Debian => Base(null, "PATH=/usr/bin:/bin");

    public static Image Base(string? entryPoint, params string[] environment)
    {
        var config = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Env"] = new JsonArray([.. environment.Select(e => (JsonNode)e)]),
                ["Entrypoint"] = entryPoint is null ? null : new JsonArray(entryPoint),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
        };
        var parsed = ImageConfig.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()));
        return Image.Empty(Platform.LinuxAmd64).WithConfig(parsed);
    }

    public static Layer Layer(LayerFacts? facts = null, string targetPath = "/opt")
    {
        var digest = Digest.Of("a"u8);
        return new Layer(
            new Descriptor(MediaTypes.OciLayerGzip, digest, 1), digest,
            new LayerOrigin("a.zip") { Item = new ItemOrigin("a.zip"), TargetPath = targetPath, FromCache = true },
            _ => Task.FromResult<Stream>(new MemoryStream()))
        { Facts = facts ?? new LayerFacts() };
    }
}
