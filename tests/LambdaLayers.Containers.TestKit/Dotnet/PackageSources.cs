using System.Security;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>Where packages of a sandbox come from. The client's own sources are asked for at run time, never written here.</summary>
public static class PackageSources
{
    private static readonly Lazy<Task<IReadOnlyList<string>>> ClientSources = new(ReadClientSources);

    private static readonly Lazy<Task<string?>> MachinePackages = new(ReadMachinePackages);

    /// <summary>The enabled remote sources of this machine's NuGet client, in its order.</summary>
    public static Task<IReadOnlyList<string>> RemoteAsync() => ClientSources.Value;

    /// <summary>This machine's global packages folder, null when there is none.</summary>
    public static Task<string?> MachineFolderAsync() => MachinePackages.Value;

    /// <summary>
    /// A nuget.config in which LambdaLayers.* comes from <paramref name="feed"/> only and everything else never does.
    /// </summary>
    public static string Config(string? feed, IReadOnlyList<string> remote, string? fallback)
    {
        var sources = new StringBuilder();
        var mapping = new StringBuilder();
        if (feed is not null)
        {
            sources.AppendLine($"""    <add key="under-test" value="{Escape(feed)}" />""");
            mapping.AppendLine("""    <packageSource key="under-test"><package pattern="LambdaLayers.*" /></packageSource>""");
        }

        for (var i = 0; i < remote.Count; i++)
        {
            sources.AppendLine($"""    <add key="client-{i}" value="{Escape(remote[i])}" />""");
            mapping.AppendLine($"""    <packageSource key="client-{i}"><package pattern="*" /></packageSource>""");
        }

        var folders = fallback is null ? "" : $"""<add key="machine" value="{Escape(fallback)}" />""";
        return $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources>
                <clear />
            {sources}  </packageSources>
              <packageSourceMapping>
                <clear />
            {mapping}  </packageSourceMapping>
              <fallbackPackageFolders><clear />{folders}</fallbackPackageFolders>
              <disabledPackageSources><clear /></disabledPackageSources>
              <auditSources><clear /></auditSources>
            </configuration>
            """;
    }

    private static async Task<IReadOnlyList<string>> ReadClientSources()
    {
        var listed = await Nuget("list", "source", "--format", "short");

        // "E https://…" is an enabled source, "D …" a disabled one; "EM"/"EO" mark machine-wide and official ones.
        return [.. listed.Split('\n')
            .Select(line => line.Trim().Split(' ', 2))
            .Where(parts => parts.Length == 2 && parts[0].StartsWith('E') && parts[1].StartsWith("http", StringComparison.Ordinal))
            .Select(parts => parts[1])];
    }

    private static async Task<string?> ReadMachinePackages()
    {
        const string Prefix = "global-packages:";
        var listed = await Nuget("locals", "global-packages", "--list");
        var line = listed.Split('\n').Select(text => text.Trim()).First(text => text.StartsWith(Prefix, StringComparison.Ordinal));
        var folder = line[Prefix.Length..].Trim();
        return Directory.Exists(folder) ? folder : null;
    }

    private static async Task<string> Nuget(params string[] arguments)
    {
        // Outside the repository: its own nuget.config adds a folder that only means something there.
        using var elsewhere = new TempRoot();
        var command = new ToolCommand(Tools.Require("dotnet"), ["nuget", .. arguments])
        {
            WorkingDirectory = elsewhere.Path,
            Environment = new Dictionary<string, string?> { ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        return (await ToolRunner.RunAsync(command, CancellationToken.None)).StandardOutput;
    }

    private static string Escape(string value) => SecurityElement.Escape(value);
}
