using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Logging;

/// <summary>Passes details on, but neither headlines nor warnings: another step of the same build says those.</summary>
internal sealed class QuietEngineLog(IEngineLog log) : IEngineLog
{
    public void High(string message) => log.Normal(message);

    public void Normal(string message) => log.Normal(message);

    public void Low(string message) => log.Low(message);

    public void Warning(Diagnostic diagnostic) => log.Low(diagnostic.Text);
}
