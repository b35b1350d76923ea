using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Locking;

public sealed class LockFileTests
{
    internal const string Arn = "arn:aws:lambda:us-east-1:123456789012:layer:tools";

    private static readonly LockKey Key = new(LockKind.Arn, Arn);

    private TempRoot _root = null!;

    private string Path => _root.File("lambda-layers.lock.json");

    [SetUp]
    public void MakeRoot() => _root = new TempRoot();

    [TearDown]
    public void RemoveRoot() => _root.Dispose();

    [Test]
    public async Task What_is_set_is_there_when_the_file_is_opened_again()
    {
        var file = LockFile.Open(Path, locked: false);
        file.Set(Entry(1) with { Size = 7, Architectures = ["x86_64", "arm64"], Runtimes = ["dotnet8"] });
        file.SetPacked(Key, Pack("/opt", "in", "out"));

        var saved = await file.SaveAsync(default);

        var again = LockFile.Open(Path, locked: true);
        var entry = again.TryGet(LockKind.Arn, Arn)!;
        Assert.Multiple(() =>
        {
            Assert.That(saved);
            Assert.That(entry.Resolved, Is.EqualTo($"{Arn}:1"));
            Assert.That(entry.Size, Is.EqualTo(7));
            Assert.That(entry.Architectures, Is.EqualTo(new[] { "arm64", "x86_64" }), "sorted");
            Assert.That(again.TryGetPacked(Key, new LockSlot("/opt"), Of("in"))!.Digest, Is.EqualTo(Of("out")));
            Assert.That(again.TryGetPacked(Key, new LockSlot("/opt"), Of("other")), Is.Null, "other inputs, another layer");
            Assert.That(again.TryGetPacked(Key, new LockSlot("/opt/x"), Of("in")), Is.Null);
            Assert.That(again.Differences(), Is.Empty);
        });
    }

    [Test]
    public async Task What_another_engine_has_found_counts_where_the_file_says_nothing_and_stays_only_when_it_is_used()
    {
        var before = LockFile.Open(Path, locked: false);
        before.Set(Entry(1));
        await before.SaveAsync(default);
        var other = Entry(2) with { Include = Arn + "-other", Resolved = Arn + "-other:2" };
        var unused = Entry(3) with { Include = Arn + "-unused" };

        var file = LockFile.Open(Path, locked: false);
        file.Learn([Entry(7), other, unused]);
        var (known, learned) = (file.TryGet(LockKind.Arn, Arn), file.TryGet(LockKind.Arn, other.Include));
        await file.SaveAsync(default);

        Assert.Multiple(() =>
        {
            Assert.That(known!.Resolved, Is.EqualTo($"{Arn}:1"));
            Assert.That(learned!.Resolved, Is.EqualTo(other.Resolved));
            Assert.That(
                LockFile.Open(Path, locked: false).All(LockKind.Arn).Select(e => e.Include),
                Is.EquivalentTo(new[] { Arn, other.Include }));
        });
    }

    [Test]
    public async Task Facts_come_back_as_they_were()
    {
        var facts = new LayerFacts
        {
            Files = 3,
            UncompressedSize = 99,
            Extensions = ["agent"],
            NativeFiles = new SortedDictionary<string, string> { ["x64"] = "/opt/bin/tool" },
            HasBootstrap = true,
            Warnings = [new Diagnostic("LLC3103", "the layer <holds> no 'files' + more.")],
        };
        var file = LockFile.Open(Path, locked: false);
        file.Set(Entry(1));
        file.SetPacked(Key, Pack("/opt", "in", "out") with { Facts = facts });
        await file.SaveAsync(default);

        var read = LockFile.Open(Path, locked: false).TryGetPacked(Key, new LockSlot("/opt"), Of("in"))!.Facts;

        Assert.Multiple(() =>
        {
            Assert.That(read.Extensions, Is.EqualTo(facts.Extensions));
            Assert.That(read.NativeFiles, Is.EqualTo(facts.NativeFiles));
            Assert.That(read.Warnings, Is.EqualTo(facts.Warnings));
            Assert.That((read.Files, read.UncompressedSize, read.HasBootstrap), Is.EqualTo((3, 99L, true)));
        });
    }

    [Test]
    public async Task The_text_is_sorted_and_has_neither_times_nor_empty_fields()
    {
        var file = LockFile.Open(Path, locked: false);
        file.Set(new LockEntry(LockKind.Url, "https://b.example/x.zip", "https://b.example/x.zip", Of("b")));
        file.Set(new LockEntry(LockKind.Arn, "arn:b", "arn:b:1", Of("b")));
        file.Set(new LockEntry(LockKind.Arn, "arn:a", "arn:a:1", Of("a")));

        await file.SaveAsync(default);

        Assert.That(await File.ReadAllTextAsync(Path), Is.EqualTo($$"""
            {
              "version": 1,
              "items": [
                {
                  "kind": "Arn",
                  "include": "arn:a",
                  "resolved": "arn:a:1",
                  "digest": "{{Of("a")}}"
                },
                {
                  "kind": "Arn",
                  "include": "arn:b",
                  "resolved": "arn:b:1",
                  "digest": "{{Of("b")}}"
                },
                {
                  "kind": "Url",
                  "include": "https://b.example/x.zip",
                  "resolved": "https://b.example/x.zip",
                  "digest": "{{Of("b")}}"
                }
              ]
            }

            """));
    }

    [Test]
    public async Task A_file_that_would_not_change_is_not_touched_not_even_with_windows_line_ends()
    {
        await WriteAsync(Entry(1));
        await File.WriteAllTextAsync(Path, (await File.ReadAllTextAsync(Path)).ReplaceLineEndings("\r\n"));
        File.SetLastWriteTimeUtc(Path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var file = LockFile.Open(Path, locked: true);
        file.TryGet(LockKind.Arn, Arn);
        var changed = await file.SaveAsync(default);

        Assert.That(changed, Is.False);
        Assert.That(File.GetLastWriteTimeUtc(Path).Year, Is.EqualTo(2001));
    }

    [Test]
    public async Task What_nobody_looks_up_or_keeps_is_dropped_and_the_last_one_takes_the_file_along()
    {
        await WriteAsync(Entry(1), new LockEntry(LockKind.Base, "base:1", $"base:1@{Of("base")}", Of("base")));
        var file = LockFile.Open(Path, locked: false);
        file.KeepAll(LockKind.Base);
        await file.SaveAsync(default);
        var afterFirst = LockFile.Open(Path, locked: false);

        var dropped = afterFirst.TryGet(LockKind.Arn, Arn);
        await LockFile.Open(Path, locked: false).SaveAsync(default);

        Assert.That(dropped, Is.Null);
        Assert.That(afterFirst.TryGet(LockKind.Base, "base:1"), Is.Not.Null);
        Assert.That(File.Exists(Path), Is.False);
    }

    [Test]
    public async Task A_build_without_remote_items_writes_no_file()
    {
        var saved = await LockFile.Open(Path, locked: false).SaveAsync(default);

        Assert.That(saved, Is.False);
        Assert.That(File.Exists(Path), Is.False);
    }

    [Test]
    public void A_build_for_one_platform_leaves_what_is_known_of_the_others()
    {
        var file = LockFile.Open(null, locked: false);
        var image = new LockEntry(LockKind.Image, "host/x:1", "host/x@…", Of("index"));
        file.Set(image with { Platforms = new Dictionary<string, Digest> { ["linux/arm64"] = Of("arm") } });
        file.SetPacked(image.Key(), Pack("/opt", "arm", "arm-blob") with { Platform = "linux/arm64", SourcePath = "/opt" });

        file.Set(image with { Platforms = new Dictionary<string, Digest> { ["linux/amd64"] = Of("amd") } });
        file.SetPacked(image.Key(), Pack("/opt", "amd", "amd-blob") with { Platform = "linux/amd64", SourcePath = "/opt" });

        var entry = file.TryGet(LockKind.Image, "host/x:1")!;
        Assert.That(entry.Platforms.Keys, Is.EqualTo(new[] { "linux/amd64", "linux/arm64" }));
        Assert.That(entry.Packed.Select(p => p.Platform), Is.EquivalentTo(new[] { "linux/amd64", "linux/arm64" }));
    }

    [Test]
    public void Another_digest_forgets_what_the_old_one_packed_to()
    {
        var file = LockFile.Open(null, locked: false);
        file.Set(Entry(1));
        file.SetPacked(Key, Pack("/opt", "in", "out"));

        file.Set(Entry(2));

        Assert.That(file.TryGet(LockKind.Arn, Arn)!.Packed, Is.Empty);
    }

    [Test]
    public void A_slot_that_no_item_has_any_more_goes()
    {
        var file = LockFile.Open(null, locked: false);
        file.Set(Entry(1));
        file.SetPacked(Key, Pack("/opt", "in", "out"));
        file.SetPacked(Key, Pack("/opt/tools", "in2", "out2"));

        file.KeepSlots(Key, [new LockSlot("/opt/tools")]);

        Assert.That(file.TryGet(LockKind.Arn, Arn)!.Packed.Select(p => p.TargetPath), Is.EqualTo(new[] { "/opt/tools" }));
    }

    [Test]
    public async Task Locked_mode_refuses_every_change_and_lists_it()
    {
        await WriteAsync(Entry(1), new LockEntry(LockKind.Url, "https://x/gone.zip", "https://x/gone.zip", Of("gone")));
        var before = await File.ReadAllTextAsync(Path);
        var file = LockFile.Open(Path, locked: true);
        file.Set(Entry(2));
        file.Set(new LockEntry(LockKind.Arn, "arn:new", "arn:new:1", Of("new")));

        var failure = await Failure.OfAsync(() => file.SaveAsync(default));

        Assert.Multiple(() =>
        {
            Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC2204"));
            Assert.That(failure.Message, Does.Contain($"{Arn}: is {Arn}:2, was {Arn}:1")
                .And.Contain("arn:new is not in the lock file")
                .And.Contain("https://x/gone.zip is in the lock file, but the project does not use it"));
            Assert.That(File.ReadAllText(Path), Is.EqualTo(before));
        });
    }

    [TestCase("", "LLC2201", TestName = "An empty file is refused")]
    [TestCase("{", "LLC2201", TestName = "A cut file is refused")]
    [TestCase("null", "LLC2201", TestName = "A file of null is refused")]
    [TestCase("{}", "LLC2201", TestName = "A file without a version is refused")]
    [TestCase("""{"version": 1, "items": null}""", "LLC2201", TestName = "A file with null items is refused")]
    [TestCase("""{"version": 1, "items": [{"kind": "Arn"}]}""", "LLC2201", TestName = "An item without its fields is refused")]
    [TestCase("""{"version": 1, "items": [{"kind":"Arn","include":"a","resolved":"a","digest":"sha256:1"}]}""", "LLC2201",
        TestName = "A short digest is refused")]
    [TestCase("{\n<<<<<<< HEAD\n  \"version\": 1\n=======\n>>>>>>> x\n}", "LLC2202", TestName = "A merge conflict is refused")]
    [TestCase("""{"version": 1, "items": [null]}""", "LLC2201", TestName = "A null item is refused")]
    [TestCase("""{"version": 1, "items": {}}""", "LLC2201", TestName = "Items that are no list are refused")]
    [TestCase("""{"version": 2, "things": []}""", "LLC2203", TestName = "A newer format is refused")]
    public void What_cannot_be_understood_is_refused(string text, string code)
    {
        File.WriteAllText(Path, text);

        var failure = Assert.Throws<LayersException>(() => LockFile.Open(Path, locked: false));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo(code));
        Assert.That(failure.Message, Does.Contain(Path));
    }

    [TestCase("\"packed\": [null]")]
    [TestCase("\"packed\": [PACK, PACK]")]
    [TestCase("\"packed\": [{\"targetPath\": \"/opt\"}]")]
    [TestCase("\"size\": -1")]
    [TestCase("\"version\": 0")]
    [TestCase("\"architectures\": [null]")]
    [TestCase("\"runtimes\": null")]
    [TestCase("\"platforms\": {\"linux/amd64\": null}")]
    [TestCase("\"packed\": [PACK-SIZE]")]
    [TestCase("\"packed\": [PACK-FACTS]")]
    public void What_no_build_can_have_written_is_refused(string field)
    {
        var pack = $$$"""
            {"targetPath": "/opt", "packer": "p", "inputs": "{{{Of("i")}}}", "digest": "{{{Of("b")}}}",
             "diffId": "{{{Of("d")}}}", "size": 5, "facts": {"files": 1}}
            """;
        field = field.Replace("PACK-SIZE", pack.Replace("5", "-5", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("PACK-FACTS", pack.Replace("{\"files\": 1}", "{\"extensions\": [null]}", StringComparison.Ordinal),
                StringComparison.Ordinal)
            .Replace("PACK", pack, StringComparison.Ordinal);
        File.WriteAllText(Path, $$"""
            {"version": 1, "items": [{"kind": "Arn", "include": "{{Arn}}", "resolved": "{{Arn}}:1", "digest": "{{Of("z")}}", {{field}}}]}
            """);

        var failure = Assert.Throws<LayersException>(() => LockFile.Open(Path, locked: false));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC2201"));
    }

    [TestCase("Arn", Arn + ":1", Arn + ":1", true)]
    [TestCase("Arn", Arn + ":1", Arn + ":2", false)]
    [TestCase("Arn", Arn + ":1", "arn:aws:lambda:us-east-1:999999999999:layer:tools:1", false)]
    [TestCase("Arn", Arn + ":1", "arn:aws:lambda:eu-west-1:123456789012:layer:tools:1", false)]
    [TestCase("Arn", Arn + ":1", "arn:aws-cn:lambda:us-east-1:123456789012:layer:tools:1", false)]
    [TestCase("Arn", Arn + ":1", "arn:aws:lambda:us-east-1:123456789012:layer:tool:1", false)]
    [TestCase("Arn", Arn + ":1", "anything", false)]
    [TestCase("Arn", Arn, Arn + ":7", true)]
    [TestCase("Arn", Arn + ":latest", Arn + ":7", true)]
    [TestCase("Arn", Arn, Arn, false)]
    [TestCase("Arn", Arn, "arn:aws:lambda:us-east-1:999999999999:layer:tools:7", false)]
    [TestCase("Arn", "arn:aws:lambda:::awslayer:managed", "arn:aws:lambda:us-east-1:123456789012:layer:managed:3", true)]
    [TestCase("Image", "ghcr.io/team/tools:1", "ghcr.io/team/tools:1@DIGEST", true)]
    [TestCase("Image", "docker://ghcr.io/team/tools:1", "ghcr.io/team/tools:1@DIGEST", true)]
    [TestCase("Image", "ghcr.io/team/tools:1", "ghcr.io/evil/tools:1@DIGEST", false)]
    [TestCase("Image", "ghcr.io/team/tools:1", "evil.example/team/tools:1@DIGEST", false)]
    [TestCase("Image", "ghcr.io/team/tools:1", "ghcr.io/team/tools:2@DIGEST", false)]
    [TestCase("Image", "ghcr.io/team/tools:1", "ghcr.io/team/tools:1@OTHER", false)]
    [TestCase("Image", "ghcr.io/team/tools@DIGEST", "ghcr.io/team/tools@DIGEST", true)]
    [TestCase("Image", "ghcr.io/team/tools@OTHER", "ghcr.io/team/tools@DIGEST", false)]
    [TestCase("Base", "ghcr.io/team/base:1", "ghcr.io/evil/base:1@DIGEST", false)]
    [TestCase("Url", "https://a.example/x.zip", "https://a.example/x.zip", true)]
    [TestCase("Url", "https://a.example/x.zip", "https://b.example/x.zip", false)]
    [TestCase("Url", "https://a.example/x.zip#HINT", "https://a.example/x.zip", true)]
    [TestCase("Url", "https://a.example/x.zip#000000000000", "https://a.example/x.zip", false)]
    public void An_entry_is_about_its_own_include_or_refused(string kind, string include, string resolved, bool fits)
    {
        string Fill(string text) => text.Replace("DIGEST", Of("z").ToString(), StringComparison.Ordinal)
            .Replace("OTHER", Of("other").ToString(), StringComparison.Ordinal)
            .Replace("HINT", Of("z").Hex[..12], StringComparison.Ordinal);
        File.WriteAllText(Path, $$"""
            {"version": 1, "items": [{"kind": "{{kind}}", "include": "{{Fill(include)}}", "resolved": "{{Fill(resolved)}}", "digest": "{{Of("z")}}"}]}
            """);

        var failure = fits ? null : Assert.Throws<LayersException>(() => LockFile.Open(Path, locked: true));

        if (fits)
            Assert.That(LockFile.Open(Path, locked: true).Differences(), Has.Count.EqualTo(1), "read, and dropped when unused");
        else
            Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC2208"));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [CancelAfter(20_000)]
    public void What_is_no_lock_file_is_not_read([Values("/dev/zero", "long")] string kind)
    {
        var path = Path;
        if (kind == "long")
        {
            using var file = File.Create(path);
            file.SetLength(LockFileStore.MaximumBytes + 1);
        }
        else
        {
            File.CreateSymbolicLink(path, kind);
        }

        var failure = Assert.Throws<LayersException>(() => LockFile.Open(path, locked: false));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC5001"));
    }

    [Test]
    public async Task A_source_that_says_something_else_is_an_error_when_the_file_is_verified()
    {
        await WriteAsync(Entry(1) with { Size = 7 });
        var file = LockFile.Open(Path, locked: false, verified: true);

        file.Set(Entry(1) with { Size = 7 });
        var failure = Assert.Throws<LayersException>(() => file.Set(Entry(1) with { Size = 8 }));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC2211"));
        Assert.That(failure.Message, Does.Contain("has 8 bytes, had 7"));
    }

    [Test]
    public async Task An_item_that_is_there_twice_is_refused()
    {
        await WriteAsync(Entry(1));
        var text = await File.ReadAllTextAsync(Path);
        var item = text[text.IndexOf("    {", StringComparison.Ordinal)..(text.LastIndexOf("    }", StringComparison.Ordinal) + 5)];
        await File.WriteAllTextAsync(Path, text.Replace(item, $"{item},\n{item}"));

        var failure = Assert.Throws<LayersException>(() => LockFile.Open(Path, locked: false));

        Assert.That(failure!.Message, Does.Contain("LLC").Or.Contain("twice"));
    }

    [Test]
    public async Task No_half_written_file_stays_beside_it()
    {
        await WriteAsync(Entry(1));

        Assert.That(Directory.GetFiles(_root.Path).Select(System.IO.Path.GetFileName), Is.EqualTo(new[] { "lambda-layers.lock.json" }));
    }

    private async Task WriteAsync(params LockEntry[] entries)
    {
        var file = LockFile.Open(Path, locked: false);
        foreach (var entry in entries)
            file.Set(entry);
        await file.SaveAsync(default);
    }

    private static LockEntry Entry(int version) => new(LockKind.Arn, Arn, $"{Arn}:{version}", Of($"zip {version}"));

    private static LockedLayer Pack(string target, string inputs, string blob) =>
        new(target, "packer-1", Of(inputs), Of(blob), Of(blob + " tar"), 5, new LayerFacts());

    internal static Digest Of(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
