using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Core.Verification.Rules;
using LambdaLayers.Containers.TestKit.Images;
using static LambdaLayers.Containers.Core.Tests.Verification.RuleTests;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Where each rule ends: what is just allowed, and what is just not.</summary>
public sealed class RuleLimitTests
{
    private const int Executable = 0b111_101_101;

    [TestCase(4096, false)]
    [TestCase(4097, true)]
    public async Task Variables_have_4_KB(int bytes, bool told)
    {
        var image = Sound with
        {
            Change = run =>
            {
                run["Cmd"] = new JsonArray("Fn::Fn.Function::Handle");
                var variables = run["Env"]!.AsArray();
                var used = variables.Sum(v => Encoding.UTF8.GetByteCount(v!.GetValue<string>()));
                variables.Add((JsonNode)("BIG=" + new string('x', bytes - used - "BIG=".Length)));
            },
        };

        Assert.That(await image.CodesAsync(), told ? Is.EqualTo(["LLC3550"]) : Is.Empty);
    }

    [TestCase(125, false)]
    [TestCase(126, true)]
    public async Task Docker_takes_125_layers(int layers, bool told)
    {
        var below = SyntheticBase.Documented(dotnet: true).Layers.Count + Sound.Layers.Count;
        var image = Sound with
        {
            Layers =
            [
                .. Sound.Layers,
                .. Enumerable.Range(0, layers - below).Select(i => SyntheticLayer.Create(tar => tar.Folder($"opt/{i}"))),
            ],
        };

        Assert.That(await image.CodesAsync(), told ? Is.EqualTo(["LLC3516"]) : Is.Empty);
    }

    [Test]
    public async Task Layers_of_exactly_10_GB_are_taken()
    {
        var rule = AllRules.List.Single(r => r.Code == "LLC3515");

        Assert.That(await CheckAsync(0), Is.Empty);
        Assert.That(await CheckAsync(1), Has.Count.EqualTo(1));

        Task<IReadOnlyList<Finding>> CheckAsync(long more) =>
            rule.CheckAsync(Sound.Inspect(i => i == 0 ? (10L << 30) + more : 0), default);
    }

    [TestCase("${ORIGIN}/$LIB", "opt/agent/lib64/libagent.so")]
    [TestCase("$ORIGIN", "opt/agent/libagent.so")]
    [TestCase("/opt/nowhere:/opt/agent/deep", "opt/agent/deep/libagent.so")]
    [TestCase(null, "opt/lib/libagent.so")]
    [TestCase(null, "usr/lib/x86_64-linux-gnu/libagent.so")]
    [TestCase(null, "lib/x86_64-linux-gnu/libagent.so")]
    [TestCase(null, "usr/local/lib/libagent.so")]
    [TestCase(null, "usr/local/lib64/libagent.so")]
    [TestCase(null, "usr/lib/libagent.so")]
    public async Task A_programs_library_is_found_where_the_loader_looks(string? runPath, string library)
    {
        var image = Sound.With(tar => tar.File(
            "opt/agent/agent", ElfBuilder.Create("amd64", ElfBuilder.Loader("amd64"), ["libagent.so"], runPath), Executable)
            .Symlink("opt/extensions/agent", "../agent/agent"));

        Assert.That(await image.CodesAsync(), Is.EqualTo(["LLC3526"]));
        Assert.That(await image.With(tar => tar.File(library, ElfBuilder.Library("amd64", "libc.so.6"))).CodesAsync(), Is.Empty);
        Assert.That(await image.With(tar => tar.Folder(library)).CodesAsync(), Is.EqualTo(["LLC3526"]), "a folder is no library");
    }

    [Test]
    public async Task Libraries_that_need_each_other_or_one_by_its_path_are_followed()
    {
        var image = Sound.With(tar => tar
            .File(
                "opt/extensions/agent",
                ElfBuilder.Create("amd64", ElfBuilder.Loader("amd64"), ["liba.so", "/opt/deep/libc.so"]), Executable)
            .File("opt/lib/liba.so", ElfBuilder.Library("amd64", "libb.so"))
            .File("opt/lib/libb.so", ElfBuilder.Library("amd64", "liba.so"))
            .File("opt/deep/libc.so", ElfBuilder.Library("amd64")));
        var missing = image.With(tar => tar.File("opt/lib/libb.so", ElfBuilder.Library("amd64", "libz9.so", "liba9.so")));

        Assert.That(await image.CodesAsync(), Is.Empty);
        Assert.That((await missing.FindAsync("LLC3526")).Message, Does.Contain("liba9.so, libz9.so"), "sorted");
    }

    [Test]
    public async Task The_application_s_framework_is_the_newest_of_those_that_it_names()
    {
        const string Frameworks = """
            { "runtimeOptions": { "frameworks": [
                { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
                { "name": "Microsoft.AspNetCore.App", "version": "ASPNET" } ] } }
            """;

        Assert.That(await CodesAsync(Frameworks.Replace("ASPNET", "10.0.0")), Is.Empty);
        Assert.That(await CodesAsync(Frameworks.Replace("ASPNET", "10.0.9")), Is.EqualTo(["LLC3546"]));
        Assert.That(await CodesAsync(Frameworks.Replace("ASPNET", "10.0.0-preview.7")), Is.Empty);
        Assert.That(await CodesAsync("{}"), Is.Empty);
        Assert.That(await CodesAsync("not json"), Is.Empty);
        Assert.That(await CodesAsync("""{ "runtimeOptions": { "framework": { "name": "x" } } }"""), Is.Empty);
        Assert.That(await CodesAsync(Configuration("8.0.0"), "DOTNET_ROLL_FORWARD=LatestMajor"), Is.Empty);
        Assert.That(await CodesAsync(Configuration("8.0.0", "Major"), "DOTNET_ROLL_FORWARD=LatestMinor"), Is.EqualTo(["LLC3546"]));
        Assert.That(await CodesAsync(Configuration("8.0.0", "major")), Is.Empty);

        static async Task<IReadOnlyList<string>> CodesAsync(string configuration, string variable = "X=y")
        {
            var image = Variable(Sound.With(tar => tar.File("var/task/Fn.runtimeconfig.json", configuration)), variable);
            return [.. (await image.CodesAsync()).Except(["LLC3554"])];
        }
    }

    [Test]
    public async Task The_framework_of_what_dotnet_gets_counts_and_of_nothing_else()
    {
        var image = Entry(Sound, "dotnet", "/var/task/Other.dll").With(tar => tar
            .File("var/task/Other.dll", "MZ").File("var/task/Amazon.Lambda.RuntimeSupport.dll", "MZ")
            .File("var/task/Other.runtimeconfig.json", Configuration("11.0.0")));
        var good = image.With(tar => tar.File("var/task/Other.runtimeconfig.json", Configuration("10.0.0"))
            .File("var/task/Third.runtimeconfig.json", Configuration("11.0.0")));

        Assert.That((await image.FindAsync("LLC3546")).Path, Is.EqualTo("/var/task/Other.runtimeconfig.json"));
        Assert.That(await good.CodesAsync(), Is.EqualTo(["LLC3554"]), "the newer file");
    }

    [Test]
    public async Task Files_of_two_layers_are_told_once_for_each_pair_of_layers()
    {
        var image = Sound
            .With(tar => tar.File("opt/a", "1").File("opt/b", "1").File("opt/c", "same").File("etc/d", "1"))
            .With(tar => tar.File("opt/a", "2").File("opt/b", "22").File("opt/c", "same").File("etc/d", "2"));

        var found = (await image.VerifyAsync()).Single();

        Assert.That(found.Rule.Code, Is.EqualTo("LLC3554"));
        Assert.That(found.Message, Does.Contain("'/opt/a' and 1 other files are in layer 5 of 6 (layer-1) and, with another content, in layer 6 of 6"));
        Assert.That(found.Layer, Is.EqualTo(5));
        Assert.That(await image.With(tar => tar.File("opt/.wh.a", "").File("opt/.wh.b", "")).CodesAsync(), Is.Empty, "gone in the end");
    }

    [TestCase("PATH", "opt/bin/tool", "/usr/bin:/opt/bin/", false)]
    [TestCase("PATH", "opt/bin/tool", "/usr/bin:/opt/binary", true)]
    [TestCase("LD_LIBRARY_PATH", "opt/lib/notes.sh", "/lib64", false)]
    public async Task A_folder_of_opt_that_a_variable_does_not_name_is_told_by_what_is_in_it(
        string variable, string file, string value, bool told)
    {
        var image = Sound.With(tar => tar.Program(file, "#!/bin/sh\n")) with
        {
            Change = run =>
            {
                run["Cmd"] = new JsonArray("Fn::Fn.Function::Handle");
                var variables = run["Env"]!.AsArray();
                variables.Remove(variables.First(v => v!.GetValue<string>().StartsWith(variable + "=", StringComparison.Ordinal)));
                variables.Add((JsonNode)$"{variable}={value}");
            },
        };

        Assert.That((await image.CodesAsync()).Contains("LLC3555"), Is.EqualTo(told));
    }

    [TestCase(0b100_100_100, true)]
    [TestCase(0b110_100_000, false)]
    [TestCase(0b000_000_100, true)]
    public async Task A_file_is_read_by_others_and_by_nobody_else(int mode, bool readable) => Assert.That(
        await Sound.With(tar => tar.File("opt/tools/x", "x", mode)).CodesAsync(), readable ? Is.Empty : Is.EqualTo(["LLC3514"]));

    [TestCase(0b111_101_001, false)]
    [TestCase(0b111_101_100, false)]
    [TestCase(0b111_101_101, true)]
    public async Task A_folder_is_listed_and_entered_by_others(int mode, bool open) => Assert.That(
        await Sound.With(tar => tar.Folder("opt/tools", mode).File("opt/tools/x", "x")).CodesAsync(),
        open ? Is.Empty : Is.EqualTo(["LLC3514"]));

    [Test]
    public async Task Ten_extensions_start_whatever_folders_lie_beside_them()
    {
        var image = Sound.With(tar =>
        {
            for (var i = 0; i < 10; i++)
                tar.Program($"opt/extensions/e{i}", "#!/bin/sh\n");
            tar.Folder("opt/extensions/more").File("opt/extensions/more/readme", "#!/bin/sh\n").Program("opt/extensions/more/x", "text");
        });

        Assert.That(await image.CodesAsync(), Is.Empty);
    }

    [TestCase("dev/null", true)]
    [TestCase("opt/null", false)]
    public async Task A_device_is_what_base_images_have_under_dev(string path, bool allowed)
    {
        var tar = new TarBuilder().Folder("dev/").Folder("opt/").Special(System.Formats.Tar.TarEntryType.CharacterDevice, path);
        var image = Sound with { Layers = [.. Sound.Layers, SyntheticLayer.FromTar(tar.ToArray())] };

        Assert.That(await image.CodesAsync(), allowed ? Is.Empty : Is.EqualTo(["LLC3512"]));
    }
}
