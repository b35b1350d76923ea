using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>The texts of an image's documents that people and tools write, each with words for where it is.</summary>
internal static class ImageTexts
{
    public static IEnumerable<(string Place, string Text)> Of(Image image)
    {
        foreach (var variable in image.Config.Environment)
            yield return ($"The variable {DisplayText.Name(variable.Split('=')[0])} of the image", variable);
        foreach (var (name, value) in image.Config.Labels)
            yield return ($"The label '{DisplayText.Name(name)}' of the image", $"{name}={value}");
        foreach (var argument in image.Config.EntryPoint.Concat(image.Config.Command))
            yield return ("The entry point or command of the image", argument);
        var history = OciJson.Array(OciJson.ReadObject(image.Config.Bytes.Span), "history") ?? [];
        for (var i = 0; i < history.Count; i++)
        {
            foreach (var (_, value) in history[i] as JsonObject ?? [])
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var line))
                    yield return ($"Line {i + 1} of the image's history", line);
            }
        }
    }
}
