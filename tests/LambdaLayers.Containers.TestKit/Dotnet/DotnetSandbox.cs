using System.Globalization;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>
/// A place to run the real <c>dotnet</c> on test projects: outside the repository, with a home, caches, package sources and an
/// environment of its own. When the test fails its logs are copied to artifacts/test-logs.
/// </summary>
public sealed class DotnetSandbox : IDisposable
{
    // Those that were started with the tests' own network.
    private const string PlainServers = "";

    private readonly TempRoot _root = new();
    private readonly List<string> _logs = [];

    private DotnetSandbox(PackedPackage? package) => Package = package;

    /// <summary>The package under test; null when the sandbox was made without it.</summary>
    public PackedPackage? Package { get; }

    public string Path => _root.Path;

    /// <summary>The test's own home: ~/.aws, ~/.docker and the like are looked up here.</summary>
    public string Home => _root.Folder("home");

    /// <summary>$XDG_CACHE_HOME of the commands.</summary>
    public string CacheHome => _root.Folder("home", ".cache");

    /// <summary>Variables of every command, to add to or to remove from.</summary>
    public Dictionary<string, string?> Environment { get; } = CleanEnvironment.Create();

    /// <summary>
    /// True: builds run in one of this run's warm MSBuild servers, as a developer's second build does. False: each in a
    /// process of its own, for stories about what a process reads once.
    /// </summary>
    public bool UsesBuildServer { get; set; } = true;

    /// <summary>Which servers: those of one pool were started with the same proxies and trusted authorities.</summary>
    public string ServerPool { get; set; } = PlainServers;

    /// <summary>The umask of commands, octal; null for that of the tests. Takes builds without a server, whose is its own.</summary>
    public string? Umask { get; set; }

    /// <summary>How long one command may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A sandbox whose local feed has the freshly packed package.</summary>
    public static async Task<DotnetSandbox> CreateAsync() => await CreateAsync(await PackedPackage.GetAsync());

    /// <summary>A sandbox with this package, or with none.</summary>
    public static async Task<DotnetSandbox> CreateAsync(PackedPackage? package)
    {
        var sandbox = new DotnetSandbox(package);
        sandbox.SetEnvironment();
        await sandbox.WriteBlockers();
        return sandbox;
    }

    /// <summary>A path below the sandbox's root; its folders exist afterwards.</summary>
    public string File(params string[] segments) => _root.File(segments);

    /// <summary>A folder below the sandbox's root, created.</summary>
    public string Folder(params string[] segments) => _root.Folder(segments);

    /// <summary>Writes a text file below the root (slashes separate folders) and gives its path.</summary>
    public string Write(string relative, string text) => _root.Write(relative, text);

    /// <summary>
    /// Writes <c>src/NAME/NAME.csproj</c> with files beside it and gives the csproj's path. <c>$(LambdaLayersTestVersion)</c>
    /// is the version of the package under test.
    /// </summary>
    public string WriteProject(string name, string csproj, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            Write($"src/{name}/{path}", text);
        }

        return Write($"src/{name}/{name}.csproj", csproj);
    }

    /// <summary><c>dotnet publish PROJECT args</c></summary>
    public Task<DotnetResult> PublishAsync(string project, params string[] arguments) =>
        // The client would evaluate the project only to find out that it is this.
        LoggedAsync("publish", project, [.. arguments, "-c", "Release"]);

    /// <summary>
    /// Restores and builds a project for Release, or takes what this run has built of the same sources: for what is then
    /// published with <c>--no-build</c>. Always in a warm server, with the tests' own network.
    /// </summary>
    /// <param name="project">The csproj.</param>
    public Task BuildOnceAsync(string project) => BuiltProjects.GiveAsync(Path, project, async runtimeIdentifiers =>
    {
        await RestoreAsync(project);
        // The outer build of several publishes without one of them first.
        string[][] each = [[], .. runtimeIdentifiers.Select(rid => (string[])["-r", rid, "--no-self-contained"])];
        foreach (var options in each)
        {
            (await RunAsync(["build", project, "--no-restore", "-c", "Release", .. options], Path, null, PlainServers))
                .EnsureSucceeded();
        }
    });

    /// <summary><c>dotnet build PROJECT args</c></summary>
    public Task<DotnetResult> BuildAsync(string project, params string[] arguments) =>
        LoggedAsync("build", project, arguments);

    /// <summary><c>dotnet msbuild PROJECT args</c>; without an implicit restore.</summary>
    public Task<DotnetResult> MSBuildAsync(string project, params string[] arguments) =>
        LoggedAsync("msbuild", project, arguments);

    /// <summary>
    /// Restores packages, always in a warm server with the tests' own network. For what then publishes with
    /// <c>--no-restore</c>, or where a story's network would be in the way.
    /// </summary>
    public async Task RestoreAsync(string project) =>
        (await RunAsync(["restore", project], Path, null, PlainServers)).EnsureSucceeded();

    /// <summary>Any other <c>dotnet</c> command, in the sandbox's root; makes no binary log.</summary>
    public Task<DotnetResult> RunAsync(params string[] arguments) => RunAsync(arguments, Path, null);

    /// <summary>Copies binary logs and outputs to artifacts/test-logs.</summary>
    public void KeepLogs()
    {
        var test = string.Concat(TestContext.CurrentContext.Test.Name.Select(c => char.IsLetterOrDigit(c) ? c : '_'));
        var kept = Directory.CreateDirectory(Repository.PathOf(
            "artifacts", "test-logs", $"{test}-{System.IO.Path.GetFileName(Path)}")).FullName;
        foreach (var file in Directory.EnumerateFiles(_root.Folder("logs")))
        {
            System.IO.File.Copy(file, System.IO.Path.Combine(kept, System.IO.Path.GetFileName(file)), overwrite: true);
        }
    }

    public void Dispose()
    {
        if (HasFailed(TestContext.CurrentContext.Result))
        {
            KeepLogs();
        }

        _root.Dispose();
    }

    // A failed assertion is recorded before it is thrown, so this sees it while the test's own `using` unwinds.
    private static bool HasFailed(TestContext.ResultAdapter test) =>
        test.Outcome.Status == TestStatus.Failed || test.Assertions.Any(a => a.Status == AssertionStatus.Failed);

    private async Task<DotnetResult> LoggedAsync(string verb, string project, string[] arguments)
    {
        var number = _logs.Count.ToString("00", CultureInfo.InvariantCulture);
        var binlog = _root.File("logs", $"{number}-{verb}.binlog");
        var result = await RunAsync(
            [verb, project, .. arguments, $"-bl:{binlog}"], System.IO.Path.GetDirectoryName(project)!, binlog);
        return result;
    }

    private Task<DotnetResult> RunAsync(string[] arguments, string folder, string? binlog) =>
        RunAsync(arguments, folder, binlog, UsesBuildServer ? ServerPool : null);

    private async Task<DotnetResult> RunAsync(string[] arguments, string folder, string? binlog, string? pool)
    {
        using var server = pool is null ? null : BuildServers.Take(pool);
        var dotnet = Tools.Require("dotnet");
        var command = new ToolCommand(
            Umask is null ? dotnet : Tools.Require("sh"),
            Umask is null ? arguments : ["-c", $"umask {Umask}; exec \"$0\" \"$@\"", dotnet, .. arguments])
        {
            WorkingDirectory = folder,
            Environment = server?.With(Environment) ?? Environment,
            ReplaceEnvironment = true,
            Timeout = Timeout,
            ExpectedExitCodes = [],
        };
        try
        {
            var ran = await ToolRunner.RunAsync(command, CancellationToken.None);
            Log($"{command}\nexit code {ran.ExitCode}\n{ran.Output}");
            Assert.That(SecretWatch.Violations, Is.Empty, "secrets came to servers that they are not for");
            return new DotnetResult(
                server is null ? ran.ExitCode : ExitCodeOf(ran), ran.Output, System.IO.File.Exists(binlog) ? binlog : null);
        }
        catch (ToolException e)
        {
            Log(e.Message);
            KeepLogs();
            throw;
        }
    }

    // Once in some hundred builds on a busy machine the server ends a build well, and its client never hears of it and exits
    // with 1. A build that fails says why: MSBuild itself sees to it (MSB4181). Whether there is what a story wants, it asserts.
    private static int ExitCodeOf(ToolResult ran) =>
        ran.ExitCode == 1 && !ran.Output.Contains("error", StringComparison.OrdinalIgnoreCase) ? 0 : ran.ExitCode;

    private void Log(string text)
    {
        var path = _root.File("logs", $"{_logs.Count.ToString("00", CultureInfo.InvariantCulture)}.txt");
        System.IO.File.WriteAllText(path, text);
        _logs.Add(path);
    }

    private void SetEnvironment()
    {
        Environment["HOME"] = Home;
        Environment["USERPROFILE"] = Home;
        Environment["XDG_CACHE_HOME"] = CacheHome;
        Environment["XDG_RUNTIME_DIR"] = _root.Folder("run");
        Environment["DOTNET_CLI_HOME"] = Home;
        Environment["NUGET_PACKAGES"] = PackedPackage.SharedPackages;
        Environment["MSBUILDDISABLENODEREUSE"] = "1";
        Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        Environment["DOTNET_NOLOGO"] = "1";
        Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";

        // No metadata service answers here, and asking for it costs seconds.
        Environment["AWS_EC2_METADATA_DISABLED"] = "true";
    }

    private async Task WriteBlockers()
    {
        Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <LambdaLayersTestVersion>{Package?.Version}</LambdaLayersTestVersion>
                <NuGetAudit>false</NuGetAudit>
                <!-- What costs time and has nothing to do with the package. -->
                <RunAnalyzers>false</RunAnalyzers>
                <UseSharedCompilation>true</UseSharedCompilation>
              </PropertyGroup>
            </Project>
            """);
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Build.rsp", "");
        Write("Directory.Packages.props", """
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
              </PropertyGroup>
            </Project>
            """);
        Write(".editorconfig", "root = true\n");
        Write("nuget.config", PackageSources.Config(
            Package?.Feed, await PackageSources.RemoteAsync(), await PackageSources.MachineFolderAsync()));
    }
}
