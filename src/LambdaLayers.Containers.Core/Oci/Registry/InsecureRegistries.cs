using System.Net;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>The registries of DOTNET_CONTAINER_INSECURE_REGISTRIES, the SDK's own switch.</summary>
internal sealed class InsecureRegistries
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "DOTNET_CONTAINER_INSECURE_REGISTRIES";

    private static readonly char[] Separators = [';', ','];
    private readonly HashSet<string> _names;

    private InsecureRegistries(IEnumerable<string> names) =>
        _names = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Only loopback.</summary>
    public static InsecureRegistries None { get; } = new([]);

    /// <summary>
    /// Reads the variable: whole names with their ports, between semicolons (the SDK's code) or commas (its
    /// documentation).
    /// </summary>
    public static InsecureRegistries From(Func<string, string?> environment) =>
        new((environment(Variable) ?? "").Split(
            Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Whether the user named this registry.</summary>
    public bool Contains(string registry) => _names.Contains(registry);

    /// <summary>Whether the host is this machine by name (RFC 6761) or address.</summary>
    public static bool IsLoopback(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        return host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
