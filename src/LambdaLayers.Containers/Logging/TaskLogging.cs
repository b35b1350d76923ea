using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Logging;

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
