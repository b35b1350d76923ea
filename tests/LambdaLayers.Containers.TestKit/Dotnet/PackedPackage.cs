using System.Globalization;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>
/// The package under test, packed once for the process that runs the tests, in a feed of its own, under a version that no
/// cache can have seen.
/// </summary>
public sealed class PackedPackage
{
    public const string Id = "LambdaLayers.Containers";

    private static readonly Lazy<Task<PackedPackage>> Instance = new(PackAsync);

    // Every sandbox of the run restores from it.
    private static readonly TempRoot Root = TempRoot.ForTheRun();

    private PackedPackage(string feed, string version)
    {
        Feed = feed;
        Version = version;
    }

    /// <summary>The folder that holds the nupkg and nothing else.</summary>
    public string Feed { get; }

    /// <summary>The version packed, unique for this run.</summary>
    public string Version { get; }

    public string NupkgPath => Path.Combine(Feed, $"{Id}.{Version}.nupkg");

    /// <summary>Packages folder that sandboxes of this run may share, so that runtime packs are downloaded once.</summary>
    public static string SharedPackages => Root.Folder("packages");

    /// <summary>Where this run keeps what it has built.</summary>
    internal static string SharedBuilds => Root.Folder("builds");

    /// <summary>The package; packed on the first call.</summary>
    public static Task<PackedPackage> GetAsync() => Instance.Value;

    private static async Task<PackedPackage> PackAsync()
    {
        var version = string.Create(
            CultureInfo.InvariantCulture, $"0.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}");
        var feed = Root.Folder("feed");
        var environment = CleanEnvironment.Create();
        environment["MSBUILDDISABLENODEREUSE"] = "1";

        // Own bin and obj: `dotnet test` of the solution builds the same projects at the same time. Kept between runs, so that
        // the second pack compiles nothing; one run at a time may use them.
        var artifacts = Directory.CreateDirectory(Repository.PathOf("artifacts", "test-package")).FullName;
        await using var turn = await FileLock.AcquireAsync(Path.Combine(artifacts, ".lock"), TimeSpan.FromMinutes(10));
        await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("dotnet"),
            [
                "pack", Repository.PathOf("src", Id, $"{Id}.csproj"), "--nologo", "--configuration", "Release",
                "--artifacts-path", artifacts, "--output", feed,
                $"-p:PackageVersion={version}", "-p:RestoreLockedMode=true",
                // The build of the solution has run them.
                "-p:RunAnalyzers=false", "-p:UseSharedCompilation=true",
            ])
            {
                WorkingDirectory = Repository.Root,
                Environment = environment,
                ReplaceEnvironment = true,
                Timeout = TimeSpan.FromMinutes(10),
            },
            CancellationToken.None);
        return new PackedPackage(feed, version);
    }
}
