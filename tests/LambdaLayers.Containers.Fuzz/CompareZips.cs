using System.Diagnostics;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Fuzz;

/// <summary>The long run of what the engine's tests take a sample of.</summary>
internal static class CompareZips
{
    // So that the readers' folders stay small, and the figures come while it goes on.
    private const int Chunk = 2000;

    /// <summary>Whether every zip that we take is read alike by all.</summary>
    public static async Task<bool> RunAsync(int first, int count)
    {
        var readers = await ZipReaders.FindAsync();
        Console.WriteLine($"readers: {string.Join(", ", readers.Names)}");
        var comparison = new ZipComparison();
        var clock = Stopwatch.StartNew();
        for (var done = 0; done < count; done += Chunk)
        {
            await comparison.RunAsync(readers, first + done, Math.Min(Chunk, count - done));
            Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {comparison}");
        }

        return comparison.Findings.Count == 0;
    }
}
