using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Something that may go well the next time.</summary>
/// <param name="final">What to tell the user when it never does.</param>
/// <param name="retryAfter">The wait that the server asked for.</param>
/// <param name="connecting">Whether not even a connection came about.</param>
internal sealed class TransientFailure(LayersException final, TimeSpan? retryAfter = null, bool connecting = false)
    : Exception(final.Message, final)
{
    public LayersException Final { get; } = final;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool Connecting { get; } = connecting;
}
