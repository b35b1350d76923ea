namespace LambdaLayers.Containers.TestKit;

/// <summary>A process to run: what, where, with which environment, and for how long at most.</summary>
public sealed record ToolCommand(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables to set; a null value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>True: the process sees only <see cref="Environment"/>, nothing of this process's own.</summary>
    public bool ReplaceEnvironment { get; init; }

    /// <summary>After this long the process and its children are killed and the run fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Exit codes that are no failure; empty: every one is fine.</summary>
    public IReadOnlyList<int> ExpectedExitCodes { get; init; } = [0];

    /// <summary>What the process reads from its standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Hears each whole line of standard output when it comes.</summary>
    public Action<string>? OnOutputLine { get; init; }

    public override string ToString() => $"{FileName} {string.Join(' ', Arguments)}";
}
