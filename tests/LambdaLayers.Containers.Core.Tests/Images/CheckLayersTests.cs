using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Images;

public sealed class CheckLayersTests
{
    private RecordingLog _log = new();

    [SetUp]
    public void StartLog() => _log = new RecordingLog();

    [TestCase("x86_64", "linux-x64", null)]
    [TestCase("arm64", "linux-arm64", null)]
    [TestCase("arm64", "linux-x64", "LLC3301")]
    [TestCase("x86_64", "linux-arm64", "LLC3301")]
    [TestCase("x86_64 arm64", "linux-arm64", null)]
    [TestCase("", "linux-arm64", null)]
    public void What_a_publisher_says_about_architectures_binds(string compatible, string rid, string? code)
    {
        var layer = Layer(origin: Arn with { Architectures = compatible.Split(' ', StringSplitOptions.RemoveEmptyEntries) });

        Assert.That(CodeOf(layer, rid), Is.EqualTo(code));
    }

    [TestCase("x64=/opt/bin/a", "linux-x64", null, null)]
    [TestCase("arm64=/opt/bin/a", "linux-x64", "LLC3302", null)]
    [TestCase("x64=/opt/extensions/a", "linux-arm64", "LLC3302", null)]
    [TestCase("x64=/opt/bin/a arm64=/opt/bin/b", "linux-x64", null, "LLC3303")]
    [TestCase("x64=/opt/bin/a arm64=/opt/prebuilds/linux-arm64/b", "linux-x64", null, null)]
    [TestCase("elf-247=/opt/probe.o", "linux-x64", null, null)]
    [TestCase("elf-3=/opt/bin/i386", "linux-arm64", null, null)]
    [TestCase("", "linux-x64", null, null)]
    public void Programs_for_the_other_architecture_are_named(string files, string rid, string? error, string? warning)
    {
        var native = files.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(f => f.Split('=')).ToDictionary(f => f[0], f => f[1]);
        var layer = Layer(new LayerFacts { NativeFiles = native });

        var code = CodeOf(layer, rid);

        Assert.That(code, Is.EqualTo(error));
        Assert.That(_log.Warnings.Select(w => w.Code), warning is null ? Is.Empty : Is.EqualTo(new[] { warning }));
    }

    [Test]
    public void An_error_names_the_file()
    {
        var layer = Layer(new LayerFacts { NativeFiles = new Dictionary<string, string> { ["arm64"] = "/opt/lib/libx.so" } });

        var failure = Assert.Throws<LayersException>(() => Check(null).Run([layer], Platform.LinuxAmd64));

        Assert.That(failure!.Message, Does.Contain("/opt/lib/libx.so").And.Contain("LambdaLayer 'arn:x'"));
    }

    [TestCase("v10.0", false, "dotnet10", false)]
    [TestCase("v10.0", false, "dotnet8", true)]
    [TestCase("v9.0", false, "dotnet8", false, Description = "no publisher can name dotnet9")]
    [TestCase("v10.0", false, "provided.al2023", true)]
    [TestCase("v10.0", true, "provided.al2023", false)]
    [TestCase("v10.0", true, "dotnet10", true)]
    [TestCase("v10.0", false, "python3.12 nodejs20.x", true)]
    [TestCase("v4.7.2", false, "python3.12", false)]
    [TestCase("v10.0", false, "", false)]
    public void A_layer_for_other_runtimes_is_worth_a_warning(
        string framework, bool selfContained, string compatible, bool warns)
    {
        var layer = Layer(origin: Arn with { Runtimes = compatible.Split(' ', StringSplitOptions.RemoveEmptyEntries) });

        Check(FunctionRuntime.Of(framework, selfContained)).Run([layer], Platform.LinuxAmd64);

        Assert.That(_log.Warnings.Select(w => w.Code), warns ? Is.EqualTo(new[] { "LLC3304" }) : Is.Empty);
    }

    [Test]
    public void Different_regions_are_explained_and_one_region_is_not()
    {
        const string Account = "123456789012:layer:x:1";
        var here = Layer(origin: Arn with { Resolved = $"arn:aws:lambda:us-east-1:{Account}" });
        var there = Layer(origin: Arn with { Resolved = $"arn:aws:lambda:eu-west-1:{Account}" });

        Check(null).Run([here, here], Platform.LinuxAmd64);
        var silent = _log.All.Count;
        Check(null).Run([here, there], Platform.LinuxAmd64);

        Assert.That(silent, Is.Zero);
        Assert.That(_log.All.Single(), Does.StartWith("The layers come from eu-west-1, us-east-1."));
    }

    private string? CodeOf(Layer layer, string rid)
    {
        Assert.That(Platform.TryFromRuntimeIdentifier(rid, out var platform));
        try
        {
            Check(null).Run([layer], platform!);
            return null;
        }
        catch (LayersException e)
        {
            return e.Diagnostic.Code;
        }
    }

    private CheckLayers Check(FunctionRuntime? runtime) => new(runtime, _log);

    private static LayerOrigin Arn { get; } = new("arn:x") { Item = new ItemOrigin("arn:x"), TargetPath = "/opt" };

    private static Layer Layer(LayerFacts? facts = null, LayerOrigin? origin = null)
    {
        var digest = Digest.Of("x"u8);
        return new Layer(new Descriptor(MediaTypes.OciLayerGzip, digest, 1), digest, origin ?? Arn,
            _ => throw new InvalidOperationException("A check must not open a layer."))
        { Facts = facts ?? new LayerFacts() };
    }
}
