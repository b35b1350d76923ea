namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Names one entry of the lock file.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Include">As the project spells it, without anything secret (no query strings).</param>
internal sealed record LockKey(LockKind Kind, string Include);
