namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC500x: files and folders of this machine.</summary>
internal static partial class EnvironmentErrors
{
    public static LayersException CannotRead(string path, Exception inner) =>
        Error("LLC5001", $"'{path}' cannot be read: {inner.Message}", inner);

    public static LayersException CannotWriteCache(string path, Exception inner) =>
        Error("LLC5002", $"The cache folder '{path}' cannot be written: {inner.Message} "
            + "Set the property LambdaLayersCacheDirectory to a folder that this user can write.", inner);

    public static LayersException CacheLostBlob(string root) =>
        Error("LLC5003", $"A layer that was just packed is gone from the cache '{root}'. "
            + "Something else deletes files there; give this build a cache of its own with LambdaLayersCacheDirectory.");
}
