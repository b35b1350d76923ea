using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Core.Verification.Rules;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Each rule sees what is planted for it, and nothing in images that are as AWS documents them.</summary>
public sealed class RuleTests
{
    private const string Handler = "Fn::Fn.Function::Handle";

    // A function as AWS documents it: nothing is wrong with it.
    internal static readonly TestImage Sound = FunctionOf(new TestImage());

    private static IEnumerable<TestCaseData> Good()
    {
        foreach (var architecture in (string[])["amd64", "arm64"])
        {
            foreach (var family in (ImageFamily[])[ImageFamily.Docker, ImageFamily.Oci])
            {
                foreach (var dotnet in (bool[])[true, false])
                {
                    var image = new TestImage { Architecture = architecture, Family = family, IsDotnet = dotnet };
                    yield return Case($"AWS's base image alone, {architecture}, {family}, "
                        + $"{(dotnet ? "dotnet" : "provided")}", image);
                    yield return Case($"a function, {architecture}, {family}, "
                        + $"{(dotnet ? "dotnet" : "provided")}", FunctionOf(image));
                }
            }
        }

        yield return Case("an executable", Function(Sound, "Fn", tar => tar.File("var/task/Fn.dll",
            "MZ").File("var/task/Fn.runtimeconfig.json", "{}")));
        yield return Case("an executable by file name", Function(Sound, "Fn.dll", tar => tar.File("var/task/Fn.dll",
            "MZ")));
        yield return Case("a native executable on the .NET "
            + "image", Function(Sound, "Fn", tar => tar.File("var/task/Fn", ElfBuilder.Program(), 0b111_101_101)));
        yield return Case("a custom runtime of a layer", Function(
            new TestImage { IsDotnet = false }, "Fn", tar => tar.Program("opt/bootstrap",
                "#!/bin/bash\n").Symlink("var/runtime/bootstrap", "/opt/bootstrap")));
        yield return Case("ten extensions and what belongs to them", Sound.With(tar =>
        {
            for (var i = 0; i < 10; i++)
                tar.Program($"opt/extensions/e{i}", "#!/bin/sh\n");
            tar.Folder("opt/extensions/data").File("opt/extensions/data/x.json", "{}").File("opt/lib/x.so",
                ElfBuilder.Library("amd64", "libc.so.6"));
        }));
        yield return Case("an extension behind a link, with its libraries beside it", Sound.With(tar => tar
            .File("opt/agent/agent", ElfBuilder.Create("amd64", ElfBuilder.Loader("amd64"), ["libagent.so",
                "libc.so.6"], "$ORIGIN/../agent/lib"), 0b111_101_101)
            .File("opt/agent/lib/libagent.so", ElfBuilder.Library("amd64", "libdeep.so"))
            .File("opt/agent/lib/libdeep.so", ElfBuilder.Library("amd64", "libc.so.6"))
            .Symlink("opt/extensions/agent", "../agent/agent")));
        yield return Case("a wrapper", Variable(Sound,
            "AWS_LAMBDA_EXEC_WRAPPER=/opt/wrap").With(tar => tar.Program("opt/wrap", "#!/usr/bin/env bash\n")));
        yield return Case("variants for other systems", Sound.With(tar => tar
            .File("opt/nodejs/node_modules/x/prebuilds/linux-arm64/x.node", ElfBuilder.Library("arm64", "libfoo.so"))
            .File("opt/nodejs/node_modules/x/prebuilds/linux-x64-musl/x.node", ElfBuilder.Library("amd64",
                "libc.musl-x86_64.so.1"))
            .File("opt/nodejs/node_modules/x/prebuilds/linux-x64/x.node", ElfBuilder.Library("amd64", "libstdc++.so.6"))
            .File("opt/bpf.o", ElfBuilder.Library("amd64"))));
        yield return Case(".NET's own optional library", Sound.With(tar => tar
            .File("var/task/libcoreclrtraceptprovider.so", ElfBuilder.Library("amd64", "liblttng-ust.so.1"))));
        yield return Case("a library that somebody else loads first", Sound.With(tar => tar
            .File("opt/python/a/liba.so", ElfBuilder.Library("amd64", "libb.so")).File("opt/python/b/libb.so",
                ElfBuilder.Library("amd64", "libc.so.6"))));
        yield return Case("the same file in two layers", Sound.With(tar => tar.File("opt/LICENSE",
            "MIT")).With(tar => tar.File("opt/LICENSE", "MIT")));
        yield return Case("an own entry point", new TestImage
        {
            IsDotnet = true,
            Change = run => (run["Entrypoint"], run["Cmd"], run["WorkingDir"]) = (new JsonArray("dotnet", "Fn.dll"),
                null, "/var/task"),
        }.With(tar => tar.File("var/task/Fn.dll", "MZ").File("var/task/Amazon.Lambda.RuntimeSupport.dll", "MZ")));
        yield return Case("an older patch of the same .NET", WithConfiguration("10.0.0"));
        yield return Case("a self-contained application", Sound.With(tar => tar.File(
            "var/task/Fn.runtimeconfig.json", """{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"11.0.0"}]}}""")),
            allowed: "LLC3554");
        yield return Case("an older .NET that rolls forward", WithConfiguration("8.0.0", "LatestMajor"));

        static TestCaseData Case(string name, TestImage image, params string[] allowed) => new TestCaseData(image,
            allowed).SetName($"Nothing_is_found_in({name})");
    }

    private static TestImage Manifest(Action<JsonObject> change) => Sound with { ChangeManifest = change };

    private static TestImage LayerType(int layer, string mediaType) => Manifest(m => m["layers"]![layer]!["mediaType"] = mediaType);

    [TestCaseSource(nameof(Good))]
    public async Task Nothing_is_found_in(object image, string[] allowed)
    {
        var findings = (await ((TestImage)image).VerifyAsync()).Where(f => !allowed.Contains(f.Rule.Code));

        Assert.That(findings.Select(f => f.Diagnostic.Code + " " + f.Message), Is.Empty);
    }

    /// <summary>One defect each: code, image, path, words.</summary>
    internal static IEnumerable<TestCaseData> Bad()
    {
        // T1, T2: manifest and layers.
        yield return Case("LLC3502", Manifest(m => m["mediaType"] = "application/vnd.docker.distribution.manifest.v1+prettyjws"), null,
            "V2, schema 2");
        yield return Case("LLC3502", Manifest(m => m["config"]!["mediaType"] = "application/vnd.cncf.helm.config.v1+json"), null, "helm");
        yield return Case("LLC3503", LayerType(0, "application/vnd.oci.image.layer.v1.tar+gzip"), null, "ContainerImageFormat");
        yield return Case("LLC3504", LayerType(3, "application/vnd.docker.image.rootfs.diff.tar"), null, "UnsupportedImageLayerDetected");
        yield return Case("LLC3505", Zstd(Sound), null, "gzip");
        yield return Case("LLC3505", LayerType(3, "application/vnd.docker.image.rootfs.diff.tar.zstd"), null, "gzip");
        yield return Case("LLC3506", LayerType(3, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"), null, "foreign");
        yield return Case("LLC3507", Zstd(Sound), null, "zstd");
        yield return Case("LLC3507", Blob(Sound, (tar, _) => tar), null, "not compressed");
        yield return Case("LLC3508", Blob(Sound, (tar, _) => [.. LayerBlobs.Gzip(tar[..1024]),
            .. LayerBlobs.Gzip(tar[1024..])]), null, "members");
        yield return Case("LLC3508", Blob(Sound, (tar, _) => [.. LayerBlobs.EmptyMember, .. LayerBlobs.Gzip(tar)]),
            null, "members");
        yield return Case("LLC3508", Blob(Sound, (tar, _) => [.. LayerBlobs.Gzip(tar), .. LayerBlobs.EmptyMember]),
            null, "members");
        yield return Case("LLC3509", Blob(Sound, (tar, _) => LayerBlobs.Gzip(tar)[..^40]), null, "cannot be unpacked");
        yield return Case("LLC3509", Tar(new TarBuilder().Folder("opt/").File("opt/x").File("opt/x/y")), null,
            "no folder");
        yield return Case("LLC3510", Sound with { ChangeConfig = c => c["rootfs"]!["diff_ids"]![1] = "sha256:" + new string('1', 64) },
            null, "config says");
        yield return Case("LLC3557", Manifest(m => m["annotations"] = new JsonObject { ["x"] = new string('x', 4 << 20) }), null,
            "annotations");
        yield return Case("LLC3516", Sound with
        {
            Layers = [.. Enumerable.Range(0, 130).Select(i => SyntheticLayer.Create(tar => tar.Folder($"opt/{i}")))],
        }, null, "layers");
        yield return Case("LLC3517", Sound with { ChangeConfig = c => c["os"] = "windows" }, null, "windows/amd64");
        yield return Case("LLC3517", Sound with { ChangeConfig = c => c["architecture"] = "riscv64" }, null,
            "linux/amd64 and linux/arm64");
        yield return Case("LLC3517", Sound with { ChangeConfig = c => { c.Remove("os"); c.Remove("architecture"); } }, null, "no platform");

        // T3, T4: files.
        yield return Case("LLC3511", Tar(new TarBuilder().Folder("opt/").File("opt/extensions/x", "#!/bin/sh\n",
            0x1ED)), "/opt/extensions/x", "MissingParentDirectory");
        yield return Case("LLC3511", Tar(new TarBuilder().File("opt/tools/x").Folder("opt/").Folder("opt/tools/")),
            "/opt/tools/x", "parents first");
        yield return Case("LLC3512", Tar(new TarBuilder().Folder("opt/").File("/opt/x")), "/opt/x", "absolute name");
        yield return Case("LLC3512", Tar(new TarBuilder().Folder("opt/").File("opt/x").HardLink("opt/y", "/opt/x")),
            "/opt/y", "hard link");
        yield return Case("LLC3512", Tar(new TarBuilder().Folder("opt/").File("opt/a\\b")), "/opt/a\\b", "backslash");
        yield return Case("LLC3512", Tar(new TarBuilder().Folder("opt/").File("opt/x").File("opt/x", "other")),
            "/opt/x", "twice");
        yield return Case("LLC3512", Tar(new TarBuilder().Folder("opt/").Special(System.Formats.Tar.TarEntryType.Fifo, "opt/pipe")),
            "/opt/pipe", "pipe");
        yield return Case("LLC3514", Sound.With(tar => tar.File("opt/tools/x", "x", 0b110_000_000)), "/opt/tools/x",
            "0600");
        yield return Case("LLC3514", Sound.With(tar => tar.Folder("opt", 0b111_000_000)), "/opt", "0700");
        yield return Case("LLC3514", Sound.With(tar => tar.Folder("var", 0b111_100_000)), "/var", "0740");
        yield return Case("LLC3514", Sound.With(tar => tar.File("app/x", "x", 0)) with
        {
            Change = run => (run["Cmd"],
            run["WorkingDir"]) = (new JsonArray(Handler), "/app")
        }, "/app/x", "0000");
        yield return Case("LLC3302", Sound.With(tar => tar.File("opt/lib/x.so", ElfBuilder.Library("arm64"))),
            "/opt/lib/x.so", "arm64");
        yield return Case("LLC3303", Sound.With(tar => tar.File("opt/lib/x.so",
            ElfBuilder.Library("arm64")).File("opt/lib/y.so", ElfBuilder.Library("amd64"))), "/opt/lib/x.so", "arm64");
        yield return Case("LLC3527", Sound.With(tar => tar.File("opt/lib/x.so", ElfBuilder.Library("amd64",
            "libmissing.so.3"))), "/opt/lib/x.so", "libmissing.so.3");
        yield return Case("LLC3554", Sound.With(tar => tar.File("opt/bin/x",
            "one")).With(tar => tar.File("opt/bin/x", "two")), "/opt/bin/x", "layer 6 of 6");

        // What is started.
        yield return Case("LLC3520", Entry(Sound, "/opt/start"), "/opt/start", "entry point");
        yield return Case("LLC3520", Entry(Sound, "start"), "start", "entry point");
        yield return Case("LLC3520", Entry(Sound, "dotnet", "/app/Fn.dll"), "/app/Fn.dll", "ContainerWorkingDirectory");
        yield return Case("LLC3520", Variable(Sound, "AWS_LAMBDA_EXEC_WRAPPER=/opt/wrap"), "/opt/wrap",
            "AWS_LAMBDA_EXEC_WRAPPER");
        yield return Case("LLC3520", Function(new TestImage { IsDotnet = false }, "Fn",
            tar => tar.Folder("var/task")), "/var/runtime/bootstrap", "bootstrap");
        yield return Case("LLC3520", Function(new TestImage { IsDotnet = false }, "Fn",
            tar => tar.Symlink("var/runtime/bootstrap", "/var/task/Fn")), "/var/runtime/bootstrap", "leads to "
                + "'/var/task/Fn'");
        yield return Case("LLC3520", Sound.With(tar => tar.Symlink("opt/extensions/agent", "/opt/agent/agent")),
            "/opt/extensions/agent", "leads to '/opt/agent/agent'");
        yield return Case("LLC3521", Sound.With(tar => tar.File("opt/extensions/agent", "#!/bin/sh\n")),
            "/opt/extensions/agent", "0644");
        yield return Case("LLC3521", Variable(Sound,
            "AWS_LAMBDA_EXEC_WRAPPER=/opt/wrap").With(tar => tar.File("opt/wrap", "#!/bin/sh\n", 0b111_101_100)),
                "/opt/wrap", "0754");
        yield return Case("LLC3522", Sound.With(tar => tar.Program("opt/extensions/README.md", "# "
            + "Agent\n")), "/opt/extensions/README.md", "put what belongs to an extension elsewhere");
        yield return Case("LLC3522", Entry(Sound, "/opt/start").With(tar => tar.Program("opt/start", "echo\n")),
            "/opt/start", "#!/bin/sh");
        yield return Case("LLC3523", Sound.With(tar => tar.Program("opt/extensions/agent", "#!/usr/bin/python3\n")),
            "/opt/extensions/agent", "/usr/bin/python3");
        yield return Case("LLC3523", Sound.With(tar => tar.Program("opt/extensions/agent", "#! /usr/bin/env "
            + "node\n")), "/opt/extensions/agent", "'node'");
        yield return Case("LLC3524", Sound.With(tar => tar.Program("opt/extensions/agent", "#!/bin/sh\r\necho\r\n")),
            "/opt/extensions/agent", "LF");
        yield return Case("LLC3525", Sound.With(tar => tar.File("opt/extensions/agent", ElfBuilder.Create("amd64",
            "/lib/ld-musl-x86_64.so.1"), 0b111_101_101)), "/opt/extensions/agent", "musl");
        yield return Case("LLC3526", Sound.With(tar => tar
            .File("opt/extensions/agent", ElfBuilder.Create("amd64", ElfBuilder.Loader("amd64"), ["liba.so"]),
                0b111_101_101)
            .File("opt/lib/liba.so", ElfBuilder.Library("amd64",
                "libelsewhere.so")).File("opt/tools/libelsewhere.so", ElfBuilder.Library("amd64"))),
                    "/opt/extensions/agent", "libelsewhere.so");
        yield return Case("LLC3528", Sound.With(tar => tar
            .File("opt/extensions/agent", ElfBuilder.Program("arm64"), 0b111_101_101)), "/opt/extensions/agent",
                "arm64");
        yield return Case("LLC3529", Entry(Sound, "/opt/start").With(tar => tar.Program("opt/real",
            "#!/bin/sh\n").Symlink("opt/start", "real")), "/opt/start", "/opt/real");
        yield return Case("LLC3350", Sound.With(tar =>
        {
            for (var i = 0; i < 11; i++)
                tar.Program($"opt/extensions/e{i}", "#!/bin/sh\n");
        }), null, "11 files");
        yield return Case("LLC3530", Sound.With(tar => tar.Program("opt/extensions/agent/agent", "#!/bin/sh\n")),
            "/opt/extensions/agent/agent", "Move it up");
        yield return Case("LLC3531", Variable(FunctionOf(new TestImage { IsDotnet = false }),
            "AWS_LAMBDA_EXEC_WRAPPER=/opt/wrap").With(tar => tar.Program("opt/wrap", "#!/bin/sh\n")), null, "provided");

        // T5: the function.
        yield return Case("LLC2304", Sound with { Change = run => run["Cmd"] = new JsonArray(Handler, "x") }, null,
            "exactly one");
        yield return Case("LLC2302", Function(Sound, "Fn::Fn.Function", tar => tar.Folder("var/task")), null,
            "assembly::type::method");
        yield return Case("LLC3540", Function(Sound, "Other::Other.Function::Handle", tar => tar.Folder("var/task")),
            "/var/task/Other.dll", "Other.dll");
        yield return Case("LLC3540", Function(Sound, "Other", tar => tar.Folder("var/task")), "/var/task/Other.dll",
            "'/var/task/Other'");
        yield return Case("LLC3543", Function(new TestImage(), Handler, tar => tar.File("var/task/Fn.dll",
            "MZ").File("var/task/Fn.runtimeconfig.json", "{}")), "/var/task/Fn.deps.json", "105");
        yield return Case("LLC3543", Function(new TestImage(), Handler, tar => tar.File("var/task/Fn.dll",
            "MZ").File("var/task/Fn.deps.json", "{}")), "/var/task/Fn.runtimeconfig.json", "106");
        yield return Case("LLC3543", Variable(Sound,
            "LAMBDA_DOTNET_MAIN_ASSEMBLY=Main.dll").With(tar => tar.File("var/task/B.deps.json", "{}")),
                "/var/task/Main.deps.json", "2 others");
        yield return Case("LLC2311", Function(new TestImage(), Handler, Manifests), "/var/task/Fn.dll",
            "PackageReference");
        yield return Case("LLC3546", WithConfiguration("11.0.0"), "/var/task/Fn.runtimeconfig.json", "dotnet:11");
        yield return Case("LLC3546", WithConfiguration("10.0.5"), "/var/task/Fn.runtimeconfig.json", "10.0.5");
        yield return Case("LLC3546", WithConfiguration("8.0.0"), "/var/task/Fn.runtimeconfig.json", "RollForward");
        yield return Case("LLC3547", new TestImage
        {
            Base = SyntheticBase.Documented(dotnet: true).Layers,
            Change = run => (run["Entrypoint"], run["Cmd"], run["WorkingDir"], run["Env"])
                = (new JsonArray("dotnet", "/app/Fn.dll"), null, "/app", new JsonArray("PATH=/var/lang/bin:/usr/bin",
                    "DOTNET_VERSION=10.0.0")),
        }.With(tar => tar.File("app/Fn.dll", "MZ")), "/app/Fn.dll", "RuntimeSupport");

        // The config. T6: what the SDK cuts.
        yield return Case("LLC3550", Variable(Sound, "BIG=" + new string('x', 4000)), null, "BIG");
        yield return Case("LLC3551", Variable(Sound, "AWS_REGION=eu-west-1"), null, "AWS_REGION");
        yield return Case("LLC3551", Variable(Sound, "LAMBDA_RUNTIME_DIR=/opt"), null, "LAMBDA_RUNTIME_DIR");
        yield return Case("LLC3552", Sound with
        {
            Change = run => (run["Cmd"],
            run["WorkingDir"]) = (new JsonArray(Handler), "/srv")
        }, null, "/srv");
        yield return Case("LLC3552", Sound with
        {
            Change = run => (run["Cmd"],
            run["WorkingDir"]) = (new JsonArray(Handler), "srv")
        }, null, "absolute");
        yield return Case("LLC3552", Sound with
        {
            Change = run => (run["Cmd"],
            run["WorkingDir"]) = (new JsonArray(Handler), "/etc/shadow")
        }, "/etc/shadow", "is a file");
        yield return Case("LLC3553", Sound with
        {
            Change = run => (run["Cmd"],
            run["User"]) = (new JsonArray(Handler), "app")
        }, null, "app");
        yield return Case("LLC3555", Sound.With(tar => tar.File("opt/bin/tool", ElfBuilder.Program(),
            0b111_101_101)) with
        { Change = Cut("PATH", "/usr/bin") }, "/opt/bin/tool", "/opt/bin");
        yield return Case("LLC3555", Sound.With(tar => tar.File("opt/lib/x.so",
            ElfBuilder.Library("amd64"))) with
        { Change = Cut("LD_LIBRARY_PATH", "/lib64") }, "/opt/lib/x.so",
                "LD_LIBRARY_PATH");
        yield return Case("LLC3556", Variable(Sound, "ENDPOINT=https"), null, "cut at a colon");
        yield return Case("LLC3556", Sound with
        {
            Change = run => (run["Cmd"],
            run["Labels"]) = (new JsonArray(Handler),
                new JsonObject { ["org.opencontainers.image.base.digest"] = "sha256" })
        }, null, "base.digest");

        static TestCaseData Case(string code, TestImage image, string? path, string words) =>
            new TestCaseData(code, image, path, words).SetName($"{code}_is_found({words}, {path})");
    }

    [TestCaseSource(nameof(Bad))]
    public async Task Is_found(string code, object image, string? path, string words)
    {
        var found = await ((TestImage)image).FindAsync(code);

        Assert.That(found.Message, Does.Contain(words));
        Assert.That(found.Path, path is null ? Is.Null.Or.Not.Empty : Is.EqualTo(path));
        Assert.That(found.Diagnostic.Text, Does.EndWith($"({found.Rule.Source})"), "where the rule is from");
        Assert.That(found.Severity, Is.EqualTo(AllRules.List.Single(rule => rule.Code == code).Severity));
    }

    [Test]
    public void Every_rule_is_planted_somewhere()
    {
        // Here, in LeakTests, HandlerTests and LanguageTests.
        var planted = Bad().Select(c => (string)c.Arguments[0]!)
            .Concat(["LLC3501", "LLC3515", "LLC3541", "LLC3542", "LLC3570", "LLC3571", "LLC3572", "LLC3573",
                "LLC3574", "LLC3560", "LLC3561", "LLC3562", "LLC3563"]);

        Assert.That(planted.Distinct(), Is.EquivalentTo(AllRules.List.Select(rule => rule.Code)));
    }

    [Test]
    public void A_rule_has_one_code_a_title_and_a_source()
    {
        Assert.That(AllRules.List.Select(rule => rule.Code), Is.Unique);
        Assert.That(AllRules.List.Select(rule => rule.Title), Is.Unique);
        Assert.That(AllRules.List.Select(rule => rule.Source), Is.All.StartsWith("https://"));
    }

    [TestCase(false, "Build it for one platform")]
    [TestCase(true, "--provenance=false")]
    public async Task An_index_is_refused_and_the_image_in_it_named(bool attestation, string words)
    {
        var found = await BehindAnIndex(attestation).FindAsync("LLC3501");

        Assert.That(found.Severity, Is.EqualTo(RuleSeverity.Error));
        Assert.That(found.Message, Does.Contain(words).And.Contain(Sound.Build(out _).Digest.ToString()));
    }

    [Test]
    public async Task Layers_of_more_than_10_GB_together_are_told()
    {
        var rule = AllRules.List.Single(r => r.Code == "LLC3515");

        var small = await rule.CheckAsync(Sound.Inspect(_ => 2L << 30), default);
        var large = await rule.CheckAsync(Sound.Inspect(_ => 3L << 30), default);

        Assert.That(small, Is.Empty);
        Assert.That(large.Single().Message, Does.Contain("12,884,901,888").And.Contain("10,737,418,240"));
    }

    [Test]
    public async Task An_old_archive_of_docker_has_no_media_types_to_object_to()
    {
        var image = Blob(Sound, (tar, _) => tar) with { Request = request => request with { HasManifest = false } };

        Assert.That(await image.CodesAsync(), Is.Empty);
    }

    [Test]
    public async Task An_image_of_layers_only_is_not_started()
    {
        var layers = new TestImage
        {
            Base = [],
            Change = run => run.Clear(),
            Request = request => request with { IsRun = false }
        }
            .With(tar => tar.Program("opt/extensions/agent", "#!/bin/sh\n").File("opt/bin/tool",
                ElfBuilder.Program(), 0b111_101_101));

        Assert.That(await layers.CodesAsync(), Is.Empty);
        Assert.That(await layers.With(tar => tar.File("opt/extensions/bad", "#!/bin/sh\n")).CodesAsync(),
            Is.EqualTo(["LLC3521"]));
    }

    [Test]
    public async Task What_only_a_base_image_could_bring_is_not_missed_on_the_empty_base()
    {
        var image = Entry(Sound with { Base = [], Request = request => request with { HasBase = false } }, "dotnet",
            "Fn.dll");

        Assert.That(await image.CodesAsync(), Is.Empty);
        Assert.That(await Entry(image, "dotnet", "/app/Fn.dll").CodesAsync(), Is.EqualTo(["LLC3520"]), "the "
            + "application is not the base's");
        Assert.That(
            await (image with { Request = request => request }).CodesAsync(), Is.EqualTo(["LLC3520"]), "somebody "
                + "else's image has to run");
    }

    [Test]
    public async Task What_a_base_image_may_bring_is_not_missed_where_its_layers_are_not_at_hand()
    {
        var image = Sound.With(tar => tar.Program("opt/extensions/agent",
            "#!/usr/bin/python3\n").File("opt/lib/x.so", ElfBuilder.Library("amd64", "libmissing.so")));
        var unknown = image with
        {
            Request = request => request with
            {
                OpenAsync = async (layer,
            token) => layer.Origin.IsBase ? null : await layer.OpenCompressedAsync(token)
            }
        };

        Assert.That(await image.CodesAsync(), Is.EqualTo(["LLC3523", "LLC3527"]));
        Assert.That(await unknown.CodesAsync(), Is.Empty);
        Assert.That(await Entry(unknown, "dotnet", "/app/Fn.dll").CodesAsync(), Is.EqualTo(["LLC3520"]), "no base "
            + "image brings an application");
        Assert.That(await Entry(unknown, "/opt/start").CodesAsync(), Is.EqualTo(["LLC3520"]), "or anything under /opt");
    }

    [Test]
    public async Task A_project_turns_errors_into_warnings_by_code_or_all_of_them()
    {
        var image = Sound.With(tar => tar.File("opt/extensions/agent", "#!/bin/sh\r\n"));

        Assert.That(await Severities([]), Is.EqualTo(["LLC3521 Error", "LLC3524 Error"]));
        Assert.That(await Severities(["llc3524"]), Is.EqualTo(["LLC3521 Error", "LLC3524 Warning"]), "errors first");
        Assert.That(await Severities(["All"]), Is.EqualTo(["LLC3521 Warning", "LLC3524 Warning"]));

        async Task<IReadOnlyList<string>> Severities(IReadOnlyList<string> codes) =>
            [.. (await (image with { Options = new VerificationOptions { AsWarning = codes } }).VerifyAsync()).Select(f =>
                $"{f.Rule.Code} {f.Severity}")];
    }

    [Test]
    public void What_is_no_code_of_a_rule_is_refused()
    {
        Assert.That(VerificationOptions.ReadCodes("P", ["LLC3511", "all", "llc3570"]), Has.Count.EqualTo(3));
        Assert.That(() => VerificationOptions.ReadCodes("P", ["LLC3511", "LLC9999"]),
            Throws.Exception.Message.Contains("LLC9999"));
    }

    /// <summary>The sound image as one of two in an index, or with an attestation beside it.</summary>
    internal static TestImage BehindAnIndex(bool attestation) => Sound with
    {
        Request = request =>
        {
            var image = request.Image.Descriptor;
            var other = image with { Platform = attestation ? new Core.Oci.Platform("unknown", "unknown") : Core.Oci.Platform.LinuxArm64 };
            return request with { Index = Core.Oci.ImageIndex.Of(Core.Oci.ManifestFamily.Oci, [image, other]) };
        },
    };

    internal static TestImage FunctionOf(TestImage image) => image.IsDotnet
        ? Function(image, Handler, tar =>
        {
            Manifests(tar);
            tar.File("var/task/Amazon.Lambda.Core.dll", "MZ");
        })
        : Function(image, "Fn", tar => tar.File("var/task/Fn", ElfBuilder.Program(image.Architecture),
        0b111_101_101).Symlink("var/runtime/bootstrap", "/var/task/Fn"));

    private static void Manifests(LayerTar tar) => tar.File("var/task/Fn.dll", "MZ")
        .File("var/task/Fn.deps.json", "{}").File("var/task/Fn.runtimeconfig.json", Configuration("10.0.0"));

    internal static string Configuration(string version, string? rollForward = null) =>
        $$"""
        { "runtimeOptions": { {{(rollForward is null ? "" : $"\"rollForward\": \"{rollForward}\",")}}
            "framework": { "name": "Microsoft.NETCore.App", "version": "{{version}}" } } }
        """;

    internal static TestImage WithConfiguration(string version,
        string? rollForward = null) => Function(new TestImage(), Handler, tar =>
        tar.File("var/task/Fn.dll", "MZ").File("var/task/Fn.deps.json", "{}").File("var/task/Amazon.Lambda.Core.dll",
            "MZ")
            .File("var/task/Fn.runtimeconfig.json", Configuration(version, rollForward)));

    internal static TestImage Function(TestImage image, string command, Action<LayerTar> fill) =>
        (image with { Layers = [], Change = run => run["Cmd"] = new JsonArray(command) }).With(fill);

    internal static TestImage Entry(TestImage image, params string[] arguments) =>
        image with
        {
            Change = run => (run["Entrypoint"],
            run["Cmd"]) = (new JsonArray([.. arguments.Select(a => (JsonNode)a)]), null)
        };

    internal static TestImage Variable(TestImage image, string variable) => image with
    {
        Change = run =>
        {
            image.Change?.Invoke(run);
            run["Env"]!.AsArray().Add((JsonNode)variable);
        },
    };

    private static Action<JsonObject> Cut(string variable, string value) => run =>
    {
        run["Cmd"] = new JsonArray(Handler);
        var variables = run["Env"]!.AsArray();
        variables.Remove(variables.First(v => v!.GetValue<string>().StartsWith(variable + "=",
            StringComparison.Ordinal)));
        variables.Add((JsonNode)$"{variable}={value}");
    };

    private static TestImage Tar(TarBuilder tar) => Sound with
    {
        Layers = [.. Sound.Layers,
        SyntheticLayer.FromTar(tar.ToArray())]
    };

    // The function's layer is the last of four.
    private static TestImage Blob(TestImage image, Func<byte[], byte[], byte[]> change)
    {
        var layer = image.Layers[^1].Blob.ToArray();
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(layer),
            System.IO.Compression.CompressionMode.Decompress);
        using var tar = new MemoryStream();
        gzip.CopyTo(tar);
        return image with { Blobs = new Dictionary<int, byte[]> { [3] = change(tar.ToArray(), layer) } };
    }

    private static TestImage Zstd(TestImage image) => Blob(image, (tar, _) => LayerBlobs.Zstd(tar));
}
