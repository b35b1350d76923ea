namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>What an entry of the lock file is about; the names are written into the file.</summary>
internal enum LockKind
{
    /// <summary>A published Lambda layer.</summary>
    Arn,

    /// <summary>The base image that the layers go on top of.</summary>
    Base,

    /// <summary>A layer out of a container image.</summary>
    Image,

    /// <summary>A zip behind an https address.</summary>
    Url,
}
