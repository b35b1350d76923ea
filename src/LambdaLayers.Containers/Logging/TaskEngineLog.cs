using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Logging;

/// <summary>
/// The engine's messages as MSBuild messages of one task. A staged build outlives the task that staged it, and MSBuild hears
/// nothing of a task that has ended: the next one takes over.
/// </summary>
internal sealed class TaskEngineLog(Microsoft.Build.Utilities.Task task) : IEngineLog
{
    private Microsoft.Build.Utilities.Task _task = task;

    /// <summary>From now on the messages are those of another task.</summary>
    public void MoveTo(Microsoft.Build.Utilities.Task other) => _task = other;

    public void High(string message) => _task.Log.LogMessage(MessageImportance.High, "{0}", DisplayText.Line(message));

    public void Normal(string message) => _task.Log.LogMessage(MessageImportance.Normal, "{0}", DisplayText.Line(message));

    public void Low(string message) => _task.Log.LogMessage(MessageImportance.Low, "{0}", DisplayText.Line(message));

    public void Warning(Diagnostic diagnostic) => _task.Log.LogDiagnosticWarning(diagnostic);

    // WarningsAsErrors, WarningsNotAsErrors and TreatWarningsAsErrors, as MSBuild itself reads them.
    public bool IsError(string code) => (_task.BuildEngine as IBuildEngine8)?.ShouldTreatWarningAsError(code) ?? false;
}

/// <summary>Passes details on, but neither headlines nor warnings: another step of the same build says those.</summary>
internal sealed class QuietEngineLog(IEngineLog log) : IEngineLog
{
    public void High(string message) => log.Normal(message);

    public void Normal(string message) => log.Normal(message);

    public void Low(string message) => log.Low(message);

    public void Warning(Diagnostic diagnostic) => log.Low(diagnostic.Text);

    public bool IsError(string code) => log.IsError(code);
}

/// <summary>Keeps messages while no task of ours runs, whose they could be.</summary>
internal sealed class DeferredEngineLog : IEngineLog
{
    private readonly System.Threading.Lock _gate = new();
    private readonly Queue<Action<IEngineLog>> _kept = new();
    private IEngineLog? _to;

    /// <summary>Passes on what was kept, and from now on everything at once; null keeps again.</summary>
    public void PassTo(IEngineLog? log)
    {
        lock (_gate)
        {
            _to = log;
            while (log is not null && _kept.TryDequeue(out var message))
                message(log);
        }
    }

    public void High(string message) => Say(log => log.High(message));

    public void Normal(string message) => Say(log => log.Normal(message));

    public void Low(string message) => Say(log => log.Low(message));

    public void Warning(Diagnostic diagnostic) => Say(log => log.Warning(diagnostic));

    private void Say(Action<IEngineLog> message)
    {
        lock (_gate)
        {
            if (_to is null)
                _kept.Enqueue(message);
            else
                message(_to);
        }
    }
}

/// <summary>Coded diagnostics as MSBuild shows them: code, help link, and the file that defines the item.</summary>
internal static class TaskLogging
{
    public static void LogDiagnostic(this TaskLoggingHelper log, Diagnostic diagnostic) =>
        log.LogError(null, diagnostic.Code, null, diagnostic.HelpLink, diagnostic.Item?.File, 0, 0, 0, 0,
            "{0}", diagnostic.Text);

    public static void LogDiagnosticWarning(this TaskLoggingHelper log, Diagnostic diagnostic) =>
        log.LogWarning(null, diagnostic.Code, null, diagnostic.HelpLink, diagnostic.Item?.File, 0, 0, 0, 0,
            "{0}", diagnostic.Text);
}
