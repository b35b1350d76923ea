namespace LambdaLayers.Containers.Tests.Support;

/// <summary>A task whose work is up to the test.</summary>
internal sealed class ProbeTask(Func<CancellationToken, Task> work) : LayersTask
{
    private protected override Task RunAsync(CancellationToken cancellationToken) => work(cancellationToken);
}
