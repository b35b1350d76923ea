using System.Text.Json;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// A framework-dependent application needs its .NET or a newer one of the same major version, unless it rolls forward
/// (https://learn.microsoft.com/dotnet/core/versions/selection#framework-dependent-apps-roll-forward). The base image
/// says which it has in DOTNET_VERSION.
/// </summary>
internal sealed class FrameworkRule() : ImageRule(
    "LLC3546", RuleSeverity.Error, "The base image's .NET is not the application's",
    "https://learn.microsoft.com/dotnet/core/versions/selection#framework-dependent-apps-roll-forward")
{
    public override async Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image,
        CancellationToken cancellationToken)
    {
        if (!image.IsRun || TryVersion(image.Config.EnvironmentVariable("DOTNET_VERSION")) is not { } has)
            return [];
        var findings = new List<Finding>();
        foreach (var file in Configurations(image))
        {
            if (await image.Files.ReadAsync(file, cancellationToken) is not { } bytes
                || Needed(bytes) is not var (wants, rollForward))
                continue;
            var policy = image.Config.EnvironmentVariable("DOTNET_ROLL_FORWARD") is { Length: > 0 } variable
                ? variable : rollForward ?? "";
            var rolls = policy.EndsWith("Major", StringComparison.OrdinalIgnoreCase);
            if (has < wants || (has.Major > wants.Major && !rolls))
            {
                findings.Add(Found(
                    $"'{DisplayText.Name(file.Path)}' asks for .NET {wants}, and the base image has {has}: the host "
                        + "answers that the framework must be installed. Take the base "
                    + $"image of that version (public.ecr.aws/lambda/dotnet:{wants.Major}){(has > wants ? ", or <RollForward>Major</RollForward>" : "")}, or publish the application self-contained.",
                    file.Path, file.Layer));
            }
        }

        return findings;
    }

    // Of what is started: the handler's, or that of the assembly that dotnet gets.
    private static IEnumerable<FoundFile> Configurations(InspectedImage image)
    {
        if (image.DotnetHandler is { } handler)
        {
            var name = HandlerName.TryParse(handler, out var parsed) ? parsed.Assembly : handler;
            var own = image.Files.Find($"{image.TaskRoot}/{(name.EndsWith(".dll", StringComparison.Ordinal) ? name[..^4] : name)}.runtimeconfig.json");
            return own is not null ? [own]
                : image.Files.In(image.TaskRoot).Where(file => file.Path.EndsWith(".runtimeconfig.json", StringComparison.Ordinal));
        }

        return StartedProgram.Of(image).Where(program => program.IsData)
            .Select(program => image.Files.Find(program.Path[..^".dll".Length] + ".runtimeconfig.json")).OfType<FoundFile>();
    }

    // https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md; one that includes
    // its framework needs none.
    private static (Version Version, string? RollForward)? Needed(byte[] configuration)
    {
        try
        {
            using var json = JsonDocument.Parse(configuration);
            if (!json.RootElement.TryGetProperty("runtimeOptions", out var options))
                return null;
            var frameworks = options.TryGetProperty("frameworks", out var several) ? several.EnumerateArray().ToList()
                : options.TryGetProperty("framework", out var single) ? [single] : [];
            var versions = frameworks.Select(framework => TryVersion(framework.GetProperty("version").GetString())).OfType<Version>()
                .ToList();
            var rollForward = options.TryGetProperty("rollForward", out var policy) ? policy.GetString() : null;
            return versions.Count == 0 ? null : (versions.Max()!, rollForward);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    // Previews count as what they lead to: 11.0.0-preview.7.
    private static Version? TryVersion(string? text) => Version.TryParse(text?.Split('-')[0], out var version)
        ? version : null;
}
