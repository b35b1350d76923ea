using System.IO.Compression;
using System.Text;
using LambdaLayers.Containers.TestKit.Dotnet;
using Microsoft.Build.Logging.StructuredLogger;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>What a finished build did, from its binary log.</summary>
internal sealed class BuildLog
{
    private readonly Build _build;

    private BuildLog(Build build) => _build = build;

    /// <summary>The errors, in order.</summary>
    public IReadOnlyList<BuildProblem> Errors => [.. _build.FindChildrenRecursive<Error>().Select(BuildProblem.From)];

    /// <summary>The warnings of this package.</summary>
    public IReadOnlyList<BuildProblem> OwnWarnings =>
    [
        .. _build.FindChildrenRecursive<Warning>().Select(BuildProblem.From)
            .Where(problem => problem.Code.StartsWith("LLC", StringComparison.Ordinal)),
    ];

    /// <summary>Names of the package's tasks that ran, in order.</summary>
    public IReadOnlyList<string> OwnTasks =>
    [
        .. _build.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>()
            .Where(task => task.FromAssembly?.Contains("LambdaLayers.Containers", StringComparison.Ordinal) == true)
            .Select(task => task.Name),
    ];

    /// <summary>The binary log of a command.</summary>
    public static BuildLog Of(DotnetResult result)
    {
        Assert.That(result.BinlogPath, Is.Not.Null, () => $"no binary log: {result}");
        return new BuildLog(BinaryLog.ReadBuild(result.BinlogPath));
    }

    /// <summary>All bytes of a binary log as characters: one gzip stream of records, whose strings are UTF-8.</summary>
    public static string Raw(string path)
    {
        // A server may still hold it.
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var text = new StreamReader(gzip, Encoding.Latin1);
        return text.ReadToEnd();
    }

    /// <summary>How often a task ran.</summary>
    public int Runs(string task) =>
        _build.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>().Count(t => t.Name == task);

    /// <summary>The messages that hold the text.</summary>
    public IReadOnlyList<string> Messages(string text) =>
    [
        .. _build.FindChildrenRecursive<Message>().Select(m => m.Text).Where(m => m.Contains(text, StringComparison.Ordinal)),
    ];

    /// <summary>A metadata value of each item that a target's task put out, such as the prepared layers.</summary>
    public IReadOnlyList<string> OutputMetadata(string item, string metadata) =>
    [
        .. _build.FindChildrenRecursive<AddItem>(added => added.Name == item)
            .SelectMany(added => added.FindChildrenRecursive<Metadata>(m => m.Name == metadata))
            .Select(m => m.Value),
    ];
}
