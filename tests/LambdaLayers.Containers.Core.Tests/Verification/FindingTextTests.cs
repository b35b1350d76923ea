using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Core.Verification.Inspection;
using LambdaLayers.Containers.Core.Verification.Reports;
using LambdaLayers.Containers.Core.Verification.Rules;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>What people read of each planted defect, word for word, and the whole of a report: texts for review.</summary>
public sealed partial class FindingTextTests
{
    private const string Project = "LambdaLayers.Containers.Core.Tests";

    // With the beginning of the codes that the case is about: an image made of a few files breaks other rules too.
    private static IEnumerable<(string Name, TestImage Image, string Codes)> Planted()
    {
        foreach (var planted in RuleTests.Bad())
            yield return (planted.TestName!, (TestImage)planted.Arguments[1]!, "LLC");
        foreach (var shape in LeakTests.Shapes())
        {
            var (path, content) = ((string)shape.Arguments[1]!, (string)shape.Arguments[2]!);
            yield return ($"{shape.Arguments[0]} in {path}", LeakTests.Image.With(tar => tar.File(path, content)), "LLC357");
        }

        yield return ("a live credential in a file", LeakTests.Image.With(tar => tar.File("opt/x", LeakTests.Secret)), "LLC357");
        yield return ("a live credential in a variable", LeakTests.Image with
        {
            Change = run => run["Env"]!.AsArray().Add((JsonNode)$"KEY={LeakTests.Secret}"),
        }, "LLC357");
        foreach (var handler in (string[])["Missing::Handle", "samplefunction::Handle", "SampleFunction::HANDLE", "SampleFunction::Missing",
            "SampleFunction+Nested::Inherited"])
        {
            var image = HandlerTests.Image($"{HandlerTests.Assembly}::{HandlerTests.Namespace}.{handler}");
            yield return ($"handler {handler}", image, "LLC354");
        }

        foreach (var (runtime, handler, file, text) in (ValueTuple<string, string, string, string>[])[
            ("python3.13", "ap.lambda_handler", "app.py", "def lambda_handler(e, c): pass\n"),
            ("python3.13", "app.handle", "app.py", "def other(): ...\ndef another(): ...\n_hidden = 1\n"),
            ("python3.13", "app.handle", "app.py", "\n"),
            ("python3.13", "index.handler", "index.mjs", "export const handler = 1"),
            ("nodejs22.x", "index.handle", "index.mjs", "export const handler = 1"),
            ("nodejs22.x", "index.handler", "index.ts", "export const handler = 1"),
            ("ruby3.4", "app.process", "App.rb", "def process; end"),
            ("java21", "example.Handler", "example/Handlers.class", "x"),
            ("python3.13", "x.y", "/opt/nodejs/node20/node_modules/a/index.js", "x"),
            ("ruby3.4", "x.y", "/opt/ruby/gems/3.3.0/gems/a.rb", "x")])
        {
            var path = file[0] == '/' ? file[1..] : $"var/task/{file}";
            yield return ($"{runtime} {handler} {file}", LanguageTests.Image(runtime, handler).With(tar => tar.File(path, text)), "LLC356");
        }
    }

    [Test]
    public async Task Each_planted_defect_is_told_in_the_approved_words()
    {
        var text = new StringBuilder();
        foreach (var (name, image, codes) in Planted())
        {
            text.Append(name).Append('\n');
            foreach (var finding in (await image.VerifyAsync()).Where(f => f.Rule.Code.StartsWith(codes, StringComparison.Ordinal)))
                text.Append(CultureInfo.InvariantCulture, $"  {finding.Severity} {finding.Rule.Code}: {Readable(finding.Diagnostic.Text)}\n");
        }

        Approved.Check(Project, "Verification/Findings.approved.txt", text.ToString());
    }

    [Test]
    public async Task What_no_small_image_breaks_is_told_in_the_approved_words()
    {
        var image = RuleTests.Sound.Build(out _);
        var layers = new LayerContent([]) { TarSize = 3L << 30 };
        var inspected = new InspectedImage(
            image, [.. image.Layers.Select(_ => layers)], new FileTree((_, _, _) => Task.FromResult<byte[]?>(null)))
        {
            Index = ImageIndex.Of(ManifestFamily.Oci, [image.Descriptor, image.Descriptor with { Platform = Platform.LinuxArm64 }]),
        };
        var attested = inspected with
        {
            Index = ImageIndex.Of(ManifestFamily.Oci, [image.Descriptor, image.Descriptor with { Platform = new Platform("unknown", "unknown") }]),
        };

        var text = new StringBuilder();
        foreach (var (code, of) in (ValueTuple<string, InspectedImage>[])[("LLC3515", inspected), ("LLC3501", inspected), ("LLC3501", attested)])
        {
            var rule = AllRules.List.Single(r => r.Code == code);
            foreach (var finding in await rule.CheckAsync(of, default))
                text.Append(CultureInfo.InvariantCulture, $"{finding.Severity} {code}: {Readable(finding.Diagnostic.Text)}\n");
        }

        Approved.Check(Project, "Verification/LargeFindings.approved.txt", text.ToString());
    }

    [Test]
    public async Task A_report_is_the_approved_one()
    {
        using var root = new TempRoot();
        var rule = AllRules.List.Single(r => r.Code == "LLC3521");
        Finding[] findings =
        [
            new Finding(rule, RuleSeverity.Error, "It is not executable.") { Path = "/opt/extensions/an agent", Layer = 1 },
            new Finding(rule, RuleSeverity.Warning, "A layer is large."),
            new Finding(rule, RuleSeverity.Note, "Worth knowing."),
        ];

        await SarifReport.WriteAsync(root.File("x.sarif"), "example.com/fn:1", findings, default);

        Approved.Check(Project, "Verification/Report.approved.sarif", await File.ReadAllTextAsync(root.File("x.sarif")));
    }

    // Digests and sizes of compressed blobs depend on the runtime's zlib.
    private static string Readable(string text) => Digests().Replace(text, "sha256:...");

    [GeneratedRegex("sha256:[0-9a-f]{12,64}")]
    private static partial Regex Digests();
}
