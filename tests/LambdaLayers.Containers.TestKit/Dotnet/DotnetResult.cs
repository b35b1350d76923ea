using NUnit.Framework;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>A finished <c>dotnet</c> command.</summary>
/// <param name="ExitCode">0 when it succeeded.</param>
/// <param name="Output">Standard output, then standard error.</param>
/// <param name="BinlogPath">The build's binary log, null for commands that make none.</param>
public sealed record DotnetResult(int ExitCode, string Output, string? BinlogPath)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>This result; the test fails here, with the whole output, when the command failed.</summary>
    public DotnetResult EnsureSucceeded()
    {
        Assert.That(ExitCode, Is.Zero, () => $"dotnet failed:\n{Output}");
        return this;
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}";
}
