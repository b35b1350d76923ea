using System.Globalization;
using BenchmarkDotNet.Running;
using LambdaLayers.Containers.Benchmarks;

return args switch
{
    ["compare", .. var zips] => await ComparePacking.RunAsync(zips),
    ["verify"] => await CompareVerification.RunAsync(),
    ["check", var count, .. var first] => await CheckPacking.RunAsync(
        int.Parse(count, CultureInfo.InvariantCulture), first is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0),
    ["check-real"] => await CheckPacking.RunRealAsync(),
    ["scale", .. var part] => await MeasureScale.RunAsync(part is [var name] ? name : "all"),
    ["publish", .. var part] => await MeasurePublish.RunAsync(part is [var name] ? name : "all"),
    ["digests", var folder] => await CheckPacking.PrintDigestsAsync(folder),
    _ => BenchmarkSwitcher.FromAssembly(typeof(ComparePacking).Assembly).Run(args).Any() ? 0 : 1,
};
