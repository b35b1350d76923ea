namespace LambdaLayers.Containers.Hosting;

/// <summary>
/// What must hold for the time of one push in this process. MSBuild owns it as a task object, and so disposes it at the
/// end of the build even when the push fails.
/// </summary>
internal sealed class ContainerPush : IDisposable
{
    private readonly IDisposable? _authorization;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private int _disposed;

    /// <param name="authorization">Disposed with this; null when the SDK signs in by itself.</param>
    /// <param name="variables">Set in this process as long; none of them is secret.</param>
    public ContainerPush(IDisposable? authorization, IReadOnlyDictionary<string, string> variables)
    {
        _authorization = authorization;
        _variables = variables;
        foreach (var (name, value) in variables)
            Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _authorization?.Dispose();
        // They were not set before; a value that somebody else has put there since is theirs.
        foreach (var (name, value) in _variables)
        {
            if (Environment.GetEnvironmentVariable(name) == value)
                Environment.SetEnvironmentVariable(name, null);
        }
    }
}
