using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Verification.Rules;

namespace LambdaLayers.Containers.Core.Verification.Reports;

/// <summary>
/// Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code hosts and
/// CI systems show. The same findings give the same bytes.
/// </summary>
internal static class SarifReport
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";
    private const string Project = "https://github.com/lambdalayers/LambdaLayers.Containers";

    /// <summary>Writes the report, whole or not at all; LLC5020 where that cannot be done.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="image">What was verified.</param>
    /// <param name="findings">In their order.</param>
    /// <param name="cancellationToken">Stops the writing; an older report stays.</param>
    public static Task WriteAsync(
        string path, string image, IReadOnlyList<Finding> findings, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(
            path,
            async (file, token) => await file.WriteAsync(OciJson.Write(Log(image, findings)), token),
            cause => VerificationErrors.CannotWriteReport(path, cause),
            cancellationToken);

    private static JsonObject Log(string image, IReadOnlyList<Finding> findings) => new()
    {
        ["$schema"] = Schema,
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "LambdaLayers.Containers",
                    ["informationUri"] = Project,
                    ["rules"] = new JsonArray([.. AllRules.List.Select(JsonNode (rule) => Rule(rule))]),
                },
            },
            ["results"] = new JsonArray([.. findings.Select(JsonNode (finding) => Result(image, finding))]),
            ["columnKind"] = "utf16CodeUnits",
        }),
    };

    private static JsonObject Rule(ImageRule rule) => new()
    {
        ["id"] = rule.Code,
        ["shortDescription"] = new JsonObject { ["text"] = rule.Title + "." },
        ["fullDescription"] = new JsonObject { ["text"] = $"{rule.Title}. Source: {rule.Source}" },
        ["helpUri"] = $"{Project}/blob/main/docs/diagnostics.md#{rule.Code.ToLowerInvariant()}",
        ["defaultConfiguration"] = new JsonObject { ["level"] = Level(rule.Severity) },
    };

    private static JsonObject Result(string image, Finding finding)
    {
        var location = new JsonObject
        {
            ["logicalLocations"] = new JsonArray(new JsonObject
            {
                ["fullyQualifiedName"] = finding.Path is null ? image : $"{image}{finding.Path}",
                ["kind"] = "resource",
            }),
        };
        // An artifact of the image, not of the working tree: relative to a base that only the image has.
        if (finding.Path is { } path)
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject
                {
                    ["uri"] = string.Join('/', path.TrimStart('/').Split('/').Select(Uri.EscapeDataString)),
                    ["uriBaseId"] = "IMAGE",
                },
            };
        }

        return new JsonObject
        {
            ["ruleId"] = finding.Rule.Code,
            ["level"] = Level(finding.Severity),
            ["message"] = new JsonObject { ["text"] = finding.Diagnostic.Text },
            ["locations"] = new JsonArray(location),
        };
    }

    private static string Level(RuleSeverity severity) => severity switch
    {
        RuleSeverity.Error => "error",
        RuleSeverity.Warning => "warning",
        _ => "note",
    };
}
