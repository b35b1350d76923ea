namespace LambdaLayers.Containers.TestKit;

/// <summary>What a finished process said.</summary>
public sealed record ToolResult(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>Both streams, standard output first.</summary>
    public string Output => StandardError.Length == 0 ? StandardOutput : StandardOutput + StandardError;
}
