using System.Collections.Concurrent;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>Keeps what the engine says.</summary>
internal sealed class RecordingLog : IEngineLog
{
    public ConcurrentQueue<string> Highs { get; } = [];

    public ConcurrentQueue<string> All { get; } = [];

    public ConcurrentQueue<Diagnostic> Warnings { get; } = [];

    /// <summary>Codes whose warnings are errors, as WarningsAsErrors says.</summary>
    public HashSet<string> AsErrors { get; } = [];

    void IEngineLog.High(string message)
    {
        Highs.Enqueue(message);
        All.Enqueue(message);
    }

    void IEngineLog.Normal(string message) => All.Enqueue(message);

    void IEngineLog.Low(string message) => All.Enqueue(message);

    void IEngineLog.Warning(Diagnostic diagnostic) => Warnings.Enqueue(diagnostic);

    bool IEngineLog.IsError(string code) => AsErrors.Contains(code);
}
