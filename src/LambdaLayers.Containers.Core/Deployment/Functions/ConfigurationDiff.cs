using System.Globalization;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>A difference between a function and what it should be. Values of variables are never in it: they may be secrets.</summary>
/// <param name="What">The setting, in the words of Lambda's API.</param>
/// <param name="From">How it is; empty when it is not set.</param>
/// <param name="To">How it is to be.</param>
internal sealed record FunctionChange(string What, string From, string To)
{
    public override string ToString() => From.Length == 0 ? $"{What}: {To}" : $"{What}: {From} -> {To}";
}

/// <summary>Finds what of a function's configuration is not as wanted, and the request that mends exactly that.</summary>
internal sealed class ConfigurationDiff
{
    private readonly FunctionConfiguration _actual;
    private readonly DesiredFunction _wanted;
    private readonly List<FunctionChange> _changes = [];

    private ConfigurationDiff(FunctionConfiguration actual, DesiredFunction wanted) =>
        (_actual, _wanted) = (actual, wanted);

    /// <summary>The request (without function name) and its differences; no differences, nothing to send.</summary>
    public static (UpdateFunctionConfigurationRequest Request, IReadOnlyList<FunctionChange> Changes) Between(
        FunctionConfiguration actual, DesiredFunction wanted)
    {
        var comparison = new ConfigurationDiff(actual, wanted);
        return (comparison.Request(), comparison._changes);
    }

    private UpdateFunctionConfigurationRequest Request() => new()
    {
        Role = Text("Role", _actual.Role, _wanted.Role),
        Description = Text("Description", _actual.Description, _wanted.Description),
        MemorySize = Number("MemorySize", _actual.MemorySize, _wanted.MemorySize),
        Timeout = Number("Timeout", _actual.Timeout, _wanted.Timeout),
        EphemeralStorage = Number("EphemeralStorage", _actual.EphemeralStorage?.Size, _wanted.EphemeralStorage) is { } size
            ? new EphemeralStorage { Size = size }
            : null,
        Environment = Environment(),
        ImageConfig = Image(),
        TracingConfig = Text("TracingMode", _actual.TracingConfig?.Mode, _wanted.TracingMode) is { } mode
            ? new TracingConfig { Mode = mode }
            : null,
        VpcConfig = Vpc(),
        LoggingConfig = Logging(),
        KMSKeyArn = Text("KMSKeyArn", _actual.KMSKeyArn, _wanted.KmsKeyArn),
    };

    private string? Text(string what, string? actual, string? wanted) =>
        wanted is null || wanted == (actual ?? "") ? null : Changed(what, actual, wanted);

    private int? Number(string what, int? actual, int? wanted)
    {
        if (wanted is null || wanted == actual)
            return null;
        Changed(what, actual?.ToString(CultureInfo.InvariantCulture), wanted.Value.ToString(CultureInfo.InvariantCulture));
        return wanted;
    }

    private string Changed(string what, string? actual, string wanted)
    {
        _changes.Add(new FunctionChange(what, actual ?? "", wanted));
        return wanted;
    }

    private Aws.Lambda.Model.Environment? Environment()
    {
        if (_wanted.Environment is not { } wanted)
            return null;
        // Sent as a whole: without knowing the others, setting one would remove them.
        if (_actual.Environment?.Error is { } error && !_wanted.ReplaceEnvironment)
            throw FunctionErrors.EnvironmentUnreadable(error.ErrorCode ?? "", error.Message ?? "");
        var actual = _actual.Environment?.Variables ?? new Dictionary<string, string>();
        var merged = new SortedDictionary<string, string>(
            _wanted.ReplaceEnvironment ? new Dictionary<string, string>() : new Dictionary<string, string>(actual),
            StringComparer.Ordinal);
        foreach (var (name, value) in wanted)
            merged[name] = value;
        var before = _changes.Count;
        foreach (var name in merged.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var (old, now) = (actual.GetValueOrDefault(name), merged.GetValueOrDefault(name));
            if (old != now)
                _changes.Add(new FunctionChange($"Environment.{name}", "", old is null ? "added" : now is null ? "removed" : "changed"));
        }

        return _changes.Count == before ? null : new Aws.Lambda.Model.Environment { Variables = merged };
    }

    private ImageConfig? Image()
    {
        if (_wanted.ImageConfig is not { } wanted)
            return null;
        var actual = _actual.ImageConfigResponse?.ImageConfig ?? new ImageConfig();
        var before = _changes.Count;
        var merged = new ImageConfig
        {
            EntryPoint = List("ImageConfig.EntryPoint", actual.EntryPoint, wanted.EntryPoint, ordered: true),
            Command = List("ImageConfig.Command", actual.Command, wanted.Command, ordered: true),
            WorkingDirectory = Text("ImageConfig.WorkingDirectory", actual.WorkingDirectory, wanted.WorkingDirectory)
                ?? actual.WorkingDirectory,
        };
        return _changes.Count == before ? null : merged;
    }

    private VpcConfig? Vpc()
    {
        if (_wanted.Vpc is not { } wanted)
            return null;
        var before = _changes.Count;
        var subnets = List("VpcConfig.SubnetIds", _actual.VpcConfig?.SubnetIds, wanted.SubnetIds, ordered: false);
        var groups = List("VpcConfig.SecurityGroupIds", _actual.VpcConfig?.SecurityGroupIds, wanted.SecurityGroupIds, ordered: false);
        return _changes.Count == before ? null : new VpcConfig
        {
            SubnetIds = subnets,
            SecurityGroupIds = groups,
            Ipv6AllowedForDualStack = _actual.VpcConfig?.Ipv6AllowedForDualStack,
        };
    }

    private LoggingConfig? Logging()
    {
        if (_wanted.Logging is not { } wanted)
            return null;
        var actual = _actual.LoggingConfig ?? new LoggingConfig();
        var before = _changes.Count;
        var merged = actual with
        {
            LogFormat = Text("LoggingConfig.LogFormat", actual.LogFormat, wanted.LogFormat) ?? actual.LogFormat,
            LogGroup = Text("LoggingConfig.LogGroup", actual.LogGroup, wanted.LogGroup) ?? actual.LogGroup,
        };
        return _changes.Count == before ? null : merged;
    }

    // The wanted list, or the actual one when nothing is wanted: Lambda takes these settings as a whole.
    private IReadOnlyList<string>? List(
        string what, IReadOnlyList<string>? actual, IReadOnlyList<string>? wanted, bool ordered)
    {
        if (wanted is null)
            return actual;
        var (old, now) = (actual ?? [], wanted);
        var same = ordered ? old.SequenceEqual(now) : old.Order().SequenceEqual(now.Order());
        if (!same)
            Changed(what, string.Join(' ', old), string.Join(' ', now));
        return wanted;
    }
}
