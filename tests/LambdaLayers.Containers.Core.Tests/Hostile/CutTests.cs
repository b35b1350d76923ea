using System.Globalization;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Hostile;

/// <summary>The line to the registry breaks after some number of bytes of a publish, wherever that is.</summary>
/// <remarks>A sample of the places, unless the variable LLC_CUT_STEP says how many bytes there are from one to the next.</remarks>
public sealed class CutTests
{
    private const int Places = 30;

    private TempRoot _root = null!;
    private EmbeddedRegistry _registry = null!;
    private CuttingProxy _line = null!;

    [SetUp]
    public async Task SetUp()
    {
        _root = new TempRoot();
        _registry = await EmbeddedRegistry.StartAsync();
        _line = CuttingProxy.Start(_registry.Port);
        await SyntheticBase.PushPlainAsync(_registry, "lambda/dotnet", "10", dotnet: true);
        var noise = new byte[20_000];
        new Random(1).NextBytes(noise);
        using var pusher = new RegistryPusher(_registry.Uncounted);
        await pusher.PushAsync("team/layer", "1", new SyntheticImage(
            ImageFamily.Oci, "amd64", [], [SyntheticLayer.Create(tar => tar.File("opt/lib/noise", Convert.ToHexString(noise)))]));
    }

    [TearDown]
    public async Task TearDown()
    {
        await _line.DisposeAsync();
        await _registry.DisposeAsync();
        _root.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_publish_over_a_line_that_breaks_succeeds_or_ends_in_one_error_and_the_next_one_works(bool stays)
    {
        _line.CutAfter(long.MaxValue, stays);
        var good = await TryAsync("whole");
        var total = _line.Passed;
        Assert.That(good, Does.StartWith("sha256:"));
        var step = Environment.GetEnvironmentVariable("LLC_CUT_STEP") is { } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : (total / Places) + 1;
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);

        for (var at = 0L; at < total; at += step)
        {
            _line.CutAfter(at, stays);
            var outcome = await TryAsync($"cut-{at}");
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            Assert.That(outcome, stays ? Does.Match("^LLC[0-9]{4}$").Or.EqualTo(good) : Is.EqualTo(good), $"cut after {at} of {total} bytes");
            Assert.That(Leavings.In(_root.Path), Is.Empty, $"cut after {at} bytes: left behind");

            _line.CutAfter(long.MaxValue, stays);
            Assert.That(await TryAsync($"cut-{at}"), Is.EqualTo(good), $"the one after the cut after {at} bytes");
        }

        TestContext.Out.WriteLine($"{total} bytes, cut {(stays ? "for ever" : "once")} at {outcomes.Values.Sum()} places: "
            + string.Join(", ", outcomes.Select(outcome => $"{outcome.Key} {outcome.Value}")));
        Assert.That(outcomes.Keys.Any(outcome => outcome.StartsWith("LLC", StringComparison.Ordinal)), Is.EqualTo(stays));
    }

    // The digest or the code of the error. Each name has a cache and a repository of its own.
    private async Task<string> TryAsync(string name)
    {
        var options = new EngineOptions(_root.Folder(name, "cache"), _ => null)
        {
            LockFile = _root.File(name, "lambda-layers.lock.json"),
            // Pauses between attempts are shorter, what guards against silence is longer.
            Time = new ImpatientTime(TimeSpan.FromSeconds(9)),
        };
        using var engine = new Engine(options, new RecordingLog());
        var item = LayerItemParser.Parse(new ItemOrigin($"{_line.Host}/team/layer:1"), _root.Path, _ => "");
        var request = new VirtualBaseRequest(ImageReference.Parse($"{_line.Host}/lambda/dotnet:10"), [Platform.LinuxAmd64], [item])
        {
            Function = new FunctionSettings("Fn") { Command = ["Fn"] },
        };
        try
        {
            var destination = new PublishDestination("fn", ["1"]) { Repository = ImageReference.Parse($"{_line.Host}/{name}") };
            return (await SdkPush.PublishAsync(engine, request, destination)).Digest.ToString();
        }
        catch (LayersException e)
        {
            return e.Diagnostic.Code;
        }
    }
}
