using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment;

/// <summary>Keeps what the engine says.</summary>
internal sealed class RecordingLog : IEngineLog
{
    public List<string> Lines { get; } = [];

    public List<Diagnostic> Warnings { get; } = [];

    public void High(string message) => Lines.Add(message);

    public void Normal(string message) => Lines.Add(message);

    public void Low(string message) => Lines.Add(message);

    public void Warning(Diagnostic diagnostic) => Warnings.Add(diagnostic);
}
