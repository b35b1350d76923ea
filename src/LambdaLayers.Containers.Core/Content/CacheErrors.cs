using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>LLC5002, LLC5003 and LLC5012: the cache.</summary>
internal static class CacheErrors
{
    public static LayersException CannotWrite(string path, Exception inner) =>
        new("LLC5002", $"The cache folder '{path}' cannot be written: {inner.Message} "
            + "Set the property LambdaLayersCacheDirectory to a folder that this user can write.", inner);

    public static LayersException LostBlob(string root) =>
        new("LLC5003", $"A layer that was just packed is gone from the cache '{root}'. "
            + "Something else deletes files there; give this build a cache of its own with LambdaLayersCacheDirectory.");

    public static Diagnostic WritableByOthers(string root) => new(
        "LLC5012",
        $"The cache folder '{root}' can be written by every user of this machine. What comes out of it is verified, but "
        + $"others can delete it and slow builds down. Run 'chmod o-w {root}', or set LambdaLayersCacheDirectory to a folder "
        + "of this user's own.");
}
