namespace LambdaLayers.Containers.TestKit;

/// <summary>A process ended with an unexpected exit code or not at all; the message carries everything that it printed.</summary>
public sealed class ToolException(ToolCommand command, string problem, string output)
    : Exception($"{command}\n{problem}\n{output}");
