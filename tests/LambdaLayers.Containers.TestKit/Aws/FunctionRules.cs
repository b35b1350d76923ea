using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>What Lambda refuses in the requests for image functions.</summary>
internal static class FunctionRules
{
    private static readonly Regex Name = new("^[a-zA-Z0-9-_]{1,64}$", RegexOptions.CultureInvariant);

    private static readonly Regex Role = new(
        @"^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$", RegexOptions.CultureInvariant);

    private static readonly Regex EcrImage = new(
        @"^\d{12}\.dkr[.-]ecr\.(?<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn"
        + @"|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)/[a-z0-9._/-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$",
        RegexOptions.CultureInvariant);

    public static void CheckCreation(JsonObject body)
    {
        if (!Name.IsMatch(Text(body, "FunctionName")))
        {
            throw Constraint(Text(body, "FunctionName"), "functionName");
        }

        if (Text(body, "PackageType") is not "Image")
        {
            throw AwsException.InvalidParameter("The fake knows functions of PackageType Image only.");
        }

        string[] zipOnly = ["Runtime", "Handler", "Layers"];
        if (zipOnly.FirstOrDefault(body.ContainsKey) is { } extra)
        {
            throw AwsException.InvalidParameter(
                $"Please don't provide {extra} when the intended function PackageType is Image.");
        }

        CheckArchitectures(body);
        CheckSettings(body, roleRequired: true);
    }

    public static void CheckArchitectures(JsonObject body)
    {
        if (body["Architectures"] is JsonArray architectures
            && (architectures.Count != 1 || architectures[0]!.GetValue<string>() is not ("x86_64" or "arm64")))
        {
            throw Constraint(architectures.ToJsonString(), "architectures");
        }
    }

    public static void CheckSettings(JsonObject body, bool roleRequired)
    {
        if ((roleRequired || body.ContainsKey("Role")) && !Role.IsMatch(Text(body, "Role")))
        {
            throw Constraint(Text(body, "Role"), "role");
        }

        CheckRange(body["Timeout"], 1, 900, "timeout");
        CheckRange(body["MemorySize"], 128, 10240, "memorySize");
        CheckRange(body["EphemeralStorage"]?["Size"], 512, 10240, "ephemeralStorage.size");
        var variables = body["Environment"]?["Variables"] as JsonObject ?? [];
        if (Encoding.UTF8.GetByteCount(variables.ToJsonString()) > 4096)
        {
            throw AwsException.InvalidParameter(
                "Lambda was unable to configure your environment variables because the environment variables you have provided "
                + "exceeded the 4KB limit.");
        }

        if (variables.Select(v => v.Key).FirstOrDefault(IsReserved) is { } reserved)
        {
            throw AwsException.InvalidParameter(
                "Lambda was unable to configure your environment variables because the environment variables you have provided "
                + $"contains reserved keys that are currently not supported for modification. Reserved keys used in this request: {reserved}");
        }
    }

    /// <param name="uri">Code.ImageUri.</param>
    /// <param name="region">The function's.</param>
    /// <param name="otherRegistries">Hosts that pass for an ECR of the region.</param>
    public static void CheckImageUri(string uri, string region, IReadOnlyCollection<string> otherRegistries)
    {
        if (otherRegistries.Any(host => uri.StartsWith(host + "/", StringComparison.Ordinal)))
        {
            return;
        }

        var match = EcrImage.Match(uri);
        if (!match.Success || match.Groups["region"].Value != region)
        {
            throw AwsException.InvalidParameter($"Source image {uri} is not valid. Provide a valid source image.");
        }
    }

    private static bool IsReserved(string name) => name is
        "AWS_REGION" or "AWS_DEFAULT_REGION" or "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" or "AWS_SESSION_TOKEN"
        or "AWS_LAMBDA_RUNTIME_API" or "LAMBDA_TASK_ROOT" or "LAMBDA_RUNTIME_DIR" or "_HANDLER" or "AWS_EXECUTION_ENV";

    private static void CheckRange(JsonNode? value, int low, int high, string member)
    {
        if (value is not null && (value.GetValue<int>() < low || value.GetValue<int>() > high))
        {
            throw Constraint(value.ToJsonString(), member);
        }
    }

    private static AwsException Constraint(string value, string member) => new(
        400, "ValidationException",
        $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint");

    private static string Text(JsonObject body, string name) => body[name]?.GetValue<string>() ?? "";
}
