using System.Globalization;
using LambdaLayers.Containers.Fuzz;
using LambdaLayers.Containers.TestKit.Zips;
using SharpFuzz;

// What the scripts beside this start: see README.md.
switch (args)
{
    case ["afl", var target]:
        // The engine may not be touched before the fuzzer runs it: it writes down its branches in the fuzzer's memory.
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            FuzzTargets.Find(target)(bytes.ToArray());
        });
        return 0;
    case ["replay", var target, .. var paths]:
        return FuzzTargets.Replay(target, paths) ? 0 : 1;
    case ["seeds", var folder]:
        SeedCorpus.Write(folder);
        return 0;
    case ["zip", var seed, var path]:
        await File.WriteAllBytesAsync(path, ZipMutator.Make(int.Parse(seed, CultureInfo.InvariantCulture)));
        return 0;
    case ["compare-zips", var first, var count]:
        return await CompareZips.RunAsync(
            int.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)) ? 0 : 1;
    default:
        await Console.Error.WriteLineAsync("afl TARGET | replay TARGET FILE... | seeds FOLDER | zip SEED PATH | compare-zips FIRST COUNT");
        return 2;
}
