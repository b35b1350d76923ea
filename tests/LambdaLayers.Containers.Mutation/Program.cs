using System.Globalization;
using LambdaLayers.Containers.Mutation;

// What tests/mutation.sh starts, and what that starts in turn.
switch (args)
{
    case ["run", var report, var folder, var tests, var output, .. var namespaces]:
        return await MutationRun.RunAsync(Mutant.Read(report, folder), Path.GetFullPath(tests), Path.GetFullPath(output), namespaces);
    case ["measure", var facts, .. var namespaces]:
        MutationHost.Measure(facts, namespaces);
        return 0;
    case ["serve", var facts, .. var namespaces]:
        MutationHost.Serve(facts, namespaces);
        return 0;
    case ["alone", var mutant, var facts, .. var namespaces]:
        MutationHost.TryAlone(int.Parse(mutant, CultureInfo.InvariantCulture), facts, namespaces);
        return 0;
    default:
        await Console.Error.WriteLineAsync("run STRYKER-REPORT ENGINE-FOLDER TESTS OUTPUT NAMESPACE...");
        return 2;
}
