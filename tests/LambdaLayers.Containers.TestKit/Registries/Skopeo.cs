using System.Text.Json;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>skopeo, an independent client of registries and archives. References carry their transport (<c>docker://…</c>).</summary>
public static class Skopeo
{
    /// <summary>The image's config as it is stored.</summary>
    public static async Task<JsonElement> InspectConfigAsync(string reference, params string[] arguments) =>
        Parse(await RunAsync([.. arguments, "inspect", "--tls-verify=false", "--config", "--raw", reference]));

    /// <summary>The manifest or index as it is stored.</summary>
    public static async Task<JsonElement> InspectManifestAsync(string reference, params string[] arguments) =>
        Parse(await RunAsync([.. arguments, "inspect", "--tls-verify=false", "--raw", reference]));

    /// <summary>Copies an image; options such as <c>--all</c> go before the references, global ones are not needed.</summary>
    public static Task<ToolResult> CopyAsync(string source, string destination, params string[] options) =>
        RunAsync(["copy", "--src-tls-verify=false", "--dest-tls-verify=false", .. options, source, destination]);

    /// <summary>Any skopeo command.</summary>
    public static Task<ToolResult> RunAsync(IReadOnlyList<string> arguments) => ToolRunner.RunAsync(
        new ToolCommand(Tools.Require("skopeo"), ["--insecure-policy", .. arguments])
        {
            Environment = CleanEnvironment.Create(),
            ReplaceEnvironment = true,
        },
        CancellationToken.None);

    private static JsonElement Parse(ToolResult result)
    {
        using var document = JsonDocument.Parse(result.StandardOutput);
        return document.RootElement.Clone();
    }
}
