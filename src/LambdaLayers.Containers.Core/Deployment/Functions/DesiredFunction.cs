using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Images.Functions;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// What a deployment sets of a function. Null is what the user did not say: Lambda's default on creation, left as it is on
/// an update.
/// </summary>
internal sealed partial record DesiredFunction
{
    private static readonly string[] TracingModes = ["Active", "PassThrough"];
    private static readonly string[] LogFormats = ["Text", "JSON"];

    public string? Role { get; init; }

    public string? Description { get; init; }

    /// <summary>Megabytes.</summary>
    public int? MemorySize { get; init; }

    /// <summary>Seconds.</summary>
    public int? Timeout { get; init; }

    /// <summary>Megabytes of /tmp.</summary>
    public int? EphemeralStorage { get; init; }

    /// <summary>Variables to set; others of the function stay unless <see cref="ReplaceEnvironment"/>.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Whether variables that are not in <see cref="Environment"/> are removed.</summary>
    public bool ReplaceEnvironment { get; init; }

    public ImageConfig? ImageConfig { get; init; }

    /// <summary>Active or PassThrough.</summary>
    public string? TracingMode { get; init; }

    public VpcConfig? Vpc { get; init; }

    /// <summary>Members that are null are left as they are.</summary>
    public LoggingConfig? Logging { get; init; }

    public string? KmsKeyArn { get; init; }

    /// <summary>Tags to set; others of the function stay.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the <c>Lambda…</c> properties, with Lambda's own limits.</summary>
    /// <param name="property">Reads a property by its name; empty when it is not set.</param>
    /// <param name="variables">Items, for values with semicolons; they win over LambdaEnvironment.</param>
    public static DesiredFunction Parse(
        Func<string, string> property, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var role = PropertyValues.Text(property, "LambdaFunctionRole");
        if (role is not null && !RolePattern().IsMatch(role))
            throw FunctionErrors.BadRole(role);
        return new DesiredFunction
        {
            Role = role,
            Description = PropertyValues.Text(property, "LambdaDescription"),
            MemorySize = PropertyValues.Number(property, "LambdaMemorySize", 128, 10240, "megabytes"),
            Timeout = PropertyValues.Number(property, "LambdaTimeout", 1, 900, "seconds"),
            EphemeralStorage = PropertyValues.Number(property, "LambdaEphemeralStorage", 512, 10240, "megabytes"),
            Environment = ParseEnvironment(property, variables),
            ReplaceEnvironment = PropertyValues.Flag(property, "LambdaEnvironmentReplace") ?? false,
            ImageConfig = ParseImage(property),
            TracingMode = PropertyValues.OneOf(property, "LambdaTracingMode", TracingModes),
            Vpc = ParseVpc(property),
            Logging = ParseLogging(property),
            KmsKeyArn = PropertyValues.Text(property, "LambdaKmsKey"),
            Tags = PropertyValues.Pairs(property, "LambdaTags"),
        };
    }

    private static SortedDictionary<string, string>? ParseEnvironment(
        Func<string, string> property, IReadOnlyList<KeyValuePair<string, string>> items)
    {
        if (PropertyValues.Text(property, "LambdaEnvironment") is null && items.Count == 0)
            return null;
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in PropertyValues.Pairs(property, "LambdaEnvironment").Concat(items))
        {
            if (LambdaVariables.IsReserved(name))
                throw FunctionErrors.ReservedVariable(name);
            if (!VariablePattern().IsMatch(name))
                throw FunctionErrors.BadVariableName(name);
            all[name] = value;
        }

        var bytes = Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(all));
        return bytes <= LambdaVariables.MostBytes ? all : throw FunctionErrors.EnvironmentTooLarge(bytes);
    }

    private static ImageConfig? ParseImage(Func<string, string> property)
    {
        var image = new ImageConfig
        {
            EntryPoint = PropertyValues.List(property, "LambdaImageEntryPoint"),
            Command = PropertyValues.List(property, "LambdaImageCommand"),
            WorkingDirectory = PropertyValues.Text(property, "LambdaImageWorkingDirectory"),
        };
        return image.EntryPoint is null && image.Command is null && image.WorkingDirectory is null ? null : image;
    }

    private static VpcConfig? ParseVpc(Func<string, string> property)
    {
        var (subnets, groups) =
            (PropertyValues.List(property, "LambdaSubnets"), PropertyValues.List(property, "LambdaSecurityGroups"));
        return (subnets, groups) switch
        {
            (null, null) => null,
            ({ }, { }) => new VpcConfig { SubnetIds = subnets, SecurityGroupIds = groups },
            _ => throw FunctionErrors.VpcIncomplete(),
        };
    }

    private static LoggingConfig? ParseLogging(Func<string, string> property)
    {
        var logging = new LoggingConfig
        {
            LogFormat = PropertyValues.OneOf(property, "LambdaLogFormat", LogFormats),
            LogGroup = PropertyValues.Text(property, "LambdaLogGroup"),
        };
        return logging.LogFormat is null && logging.LogGroup is null ? null : logging;
    }

    [GeneratedRegex(@"\Aarn:aws[a-zA-Z-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex RolePattern();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariablePattern();
}
