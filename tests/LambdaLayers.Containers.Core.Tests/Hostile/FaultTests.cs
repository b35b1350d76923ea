using System.Text.Json.Nodes;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Hostile;

/// <summary>
/// Something goes wrong at each call of a publish that changes a file: the disk is full from then on, the call fails once, the
/// build is cancelled. Each time it ends in one coded error, or well; nothing is left behind, and the next publish works.
/// </summary>
/// <remarks>A sample of the calls, unless the variable LLC_FAULT_STEP is 1.</remarks>
[Platform("Linux")]
public sealed class FaultTests
{
    private static readonly string Step = Environment.GetEnvironmentVariable("LLC_FAULT_STEP") ?? "11";

    [TestCase("full", "LLC5010")]
    [TestCase("error", "LLC5002")]
    [TestCase("cancel", "cancelled")]
    public async Task A_publish_with_a_fault_ends_in_one_error_and_the_next_one_works(string mode, string expected)
    {
        using var root = new TempRoot();
        await using var aws = await FakeAws.StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/dotnet", "10", dotnet: true);
        var arn = "arn:aws:lambda:us-east-1:123456789012:layer:tools:1";
        aws.Layers.Add(arn, new ZipBuilder().File("lib/a", new string('a', 20_000)).Write(root, "arn.zip"));
        var zip = new ZipBuilder().File("bin/tool", "#!/bin/sh\n").Write(root, "local.zip");
        var results = await RunAsync(root, mode, aws, $"{registry.Host}/lambda/dotnet:10", arn, zip);

        var outcomes = results.GroupBy(result => Text(result, "outcome")).OrderBy(group => group.Key, StringComparer.Ordinal);
        TestContext.Out.WriteLine($"{mode}: {results.Count} publishes, {results.Count(r => (bool)r["hit"]!)} with a fault: "
            + string.Join(", ", outcomes.Select(group => $"{group.Key} {group.Count()}")));
        var good = Text(results[^1], "outcome");
        Assert.That(good, Does.StartWith("sha256:"), "the last run has no fault any more");
        Assert.Multiple(() =>
        {
            foreach (var result in results)
            {
                Assert.That(Text(result, "outcome"), Does.Match("^LLC[0-9]{4}$|^cancelled$").Or.EqualTo(good), $"call {result["call"]}");
                Assert.That(Text(result, "left"), Is.Empty, $"call {result["call"]}: left behind");
                Assert.That(Text(result, "again"), Is.EqualTo(good), $"call {result["call"]}: the next publish");
            }
        });
        Assert.That(results.Select(result => Text(result, "outcome")), Does.Contain(expected));
    }

    private static string Text(JsonObject result, string name) => result[name]!.GetValue<string>();

    private static async Task<List<JsonObject>> RunAsync(TempRoot root, string mode, FakeAws aws, string @base, params string[] includes)
    {
        var faults = root.File("faults.so");
        await ToolRunner.RunAsync(
            "gcc", "-shared", "-fPIC", "-O1", "-o", faults, Path.Combine(AppContext.BaseDirectory, "faults.c"), "-ldl");
        var command = new ToolCommand(
            Tools.Require("dotnet"),
            [
                Path.Combine(AppContext.BaseDirectory, "LambdaLayers.Containers.RestoreHost.dll"),
                "faults", mode, root.Folder("runs"), Step, @base, .. includes,
            ])
        {
            Environment = new Dictionary<string, string?>(aws.Environment())
            {
                ["LD_PRELOAD"] = faults,
                ["HOME"] = root.Folder("home"),
                ["DOTNET_TieredPGO"] = "0",
            },
            Timeout = TimeSpan.FromMinutes(30),
        };
        var ran = await ToolRunner.RunAsync(command, CancellationToken.None);
        return [.. ran.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
