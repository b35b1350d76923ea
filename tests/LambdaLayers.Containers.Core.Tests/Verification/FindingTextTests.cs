using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Verification;
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
        yield return ("an index of two images", RuleTests.BehindAnIndex(attestation: false), "LLC3501");
        yield return ("an index with an attestation", RuleTests.BehindAnIndex(attestation: true), "LLC3501");
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
            Add(name, (await image.VerifyAsync()).Where(f => f.Rule.Code.StartsWith(codes, StringComparison.Ordinal)));
        var size = AllRules.List.Single(rule => rule.Code == "LLC3515");
        Add("12 GB", await size.CheckAsync(RuleTests.Sound.Inspect(_ => 3L << 30), default));

        Approved.Check(Project, "Verification/Findings.approved.txt", text.ToString());

        void Add(string name, IEnumerable<Finding> findings)
        {
            text.Append(name).Append('\n');
            foreach (var finding in findings)
                text.Append(CultureInfo.InvariantCulture, $"  {finding.Severity} {finding.Rule.Code}: {Readable(finding.Diagnostic.Text)}\n");
        }
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

    // Digests of compressed blobs depend on the runtime's zlib.
    private static string Readable(string text) => Digests().Replace(text, "sha256:...");

    [GeneratedRegex("sha256:[0-9a-f]{12,64}")]
    private static partial Regex Digests();
}
