using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Logging;

/// <summary>The engine's messages as MSBuild messages.</summary>
internal sealed class TaskEngineLog(TaskLoggingHelper log) : IEngineLog
{
    public void High(string message) => log.LogMessage(MessageImportance.High, "{0}", message);

    public void Normal(string message) => log.LogMessage(MessageImportance.Normal, "{0}", message);

    public void Low(string message) => log.LogMessage(MessageImportance.Low, "{0}", message);

    public void Warning(Diagnostic diagnostic) => log.LogDiagnosticWarning(diagnostic);
}
