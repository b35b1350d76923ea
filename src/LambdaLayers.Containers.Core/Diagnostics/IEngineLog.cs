namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>What the engine tells its host. Nothing that passes through here may hold a secret.</summary>
internal interface IEngineLog
{
    /// <summary>A line that a person wants on every publish; at most one a layer and one summary.</summary>
    void High(string message);

    /// <summary>Detail: cache hits, what was fetched from where.</summary>
    void Normal(string message);

    /// <summary>Echoes of inputs and decisions.</summary>
    void Low(string message);

    /// <summary>Something that the user should change.</summary>
    void Warning(Diagnostic diagnostic);

    /// <summary>
    /// Whether the host takes warnings of this code for errors. A host says so by the time that a warning is logged, and what the
    /// warning was about may have been published by then.
    /// </summary>
    bool IsError(string code) => false;
}
