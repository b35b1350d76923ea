namespace LambdaLayers.Containers.Core.Layers;

/// <summary>What a <c>LambdaLayer</c> item names; the names are the values of its <c>Kind</c> metadata.</summary>
internal enum LayerKind
{
    /// <summary>A published Lambda layer.</summary>
    Arn,

    /// <summary>A folder inside a container image.</summary>
    Image,

    /// <summary>A zip file on disk.</summary>
    Zip,

    /// <summary>A folder on disk.</summary>
    Directory,

    /// <summary>A project that is published and staged as an extension.</summary>
    Project,

    /// <summary>A zip behind an https address.</summary>
    Url,
}
