using NUnit.Framework;

namespace LambdaLayers.Containers.TestKit;

/// <summary>Finds the tools that are not part of this repository: registries, other readers of images, archivers.</summary>
public static class Tools
{
    // A version manager's shim in front of the distribution's tool is another program with another version.
    private static readonly string[] SystemFolders = ["/usr/bin", "/usr/sbin", "/bin"];

    /// <summary>
    /// The full path of a tool. Without it the test is skipped with the reason: see <see cref="Skip"/>.
    /// </summary>
    public static string Require(string name)
    {
        if (Find(name) is { } path)
        {
            return path;
        }

        Skip($"The tool '{name}' is not installed (looked in {string.Join(", ", Folders())}).");
        throw new InvalidOperationException(name);
    }

    /// <summary>
    /// Ends the test as skipped, or as failed when LLC_REQUIRE_TOOLS=1 says that this machine has everything. What runs after
    /// a test, its TearDown too, must bear that its SetUp ended here.
    /// </summary>
    public static void Skip(string reason)
    {
        if (Environment.GetEnvironmentVariable("LLC_REQUIRE_TOOLS") == "1")
            Assert.Fail(reason);
        Assert.Ignore(reason);
    }

    /// <summary>The full path of a tool, or null.</summary>
    public static string? Find(string name) =>
        Folders().SelectMany(folder => Names(name).Select(file => Path.Combine(folder, file))).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders() => SystemFolders
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Where(folder => folder.Length > 0)
        .Distinct();

    private static string[] Names(string name) => OperatingSystem.IsWindows() ? [name + ".exe", name + ".cmd"] : [name];
}
