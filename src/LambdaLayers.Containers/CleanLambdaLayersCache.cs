using LambdaLayers.Containers.Core.Content;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Empties the cache; removes nothing from its folder that this package has not put there.</summary>
public sealed class CleanLambdaLayersCache : EngineTask
{
    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var owned = new CachePaths(ReadOptions().CacheDirectory).Owned;
        try
        {
            if (Directory.Exists(owned))
                Directory.Delete(owned, recursive: true);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw CacheErrors.CannotWrite(owned, e);
        }

        Log.LogMessage(MessageImportance.High, "{0}", $"The layer cache {owned} is empty.");
        return Task.CompletedTask;
    }
}
