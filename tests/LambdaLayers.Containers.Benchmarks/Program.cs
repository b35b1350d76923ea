using BenchmarkDotNet.Running;
using LambdaLayers.Containers.Benchmarks;

return args switch
{
    ["compare", .. var zips] => await ComparePacking.RunAsync(zips),
    ["verify"] => await CompareVerification.RunAsync(),
    ["check", var count] => await CheckPacking.RunAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
    ["check-real"] => await CheckPacking.RunRealAsync(),
    ["scale", .. var part] => await MeasureScale.RunAsync(part is [var name] ? name : "all"),
    ["publish", .. var part] => await MeasurePublish.RunAsync(part is [var name] ? name : "all"),
    ["digests", var folder] => await CheckPacking.PrintDigestsAsync(folder),
    _ => BenchmarkSwitcher.FromAssembly(typeof(ComparePacking).Assembly).Run(args).Any() ? 0 : 1,
};
