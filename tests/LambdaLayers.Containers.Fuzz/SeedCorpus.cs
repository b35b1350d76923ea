using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Fuzz;

/// <summary>Writes what the fuzzer starts from: small, and each with something that the others lack.</summary>
internal static class SeedCorpus
{
    public static void Write(string folder)
    {
        Write(folder, "zip", Zips());
        Write(folder, "tar", Tars());
        Write(folder, "deflate", Streams());
        Write(folder, "manifest", Documents());
    }

    private static void Write(string folder, string target, IEnumerable<byte[]> seeds)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, target)).FullName;
        foreach (var (i, bytes) in seeds.Index())
            File.WriteAllBytes(Path.Combine(path, i.ToString("D2", CultureInfo.InvariantCulture)), bytes);
    }

    private static IEnumerable<byte[]> Zips()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("some text ", 20)));
        yield return new ZipBuilder().File("a", text).Folder("b").Link("b/l", "../a").Build();
        yield return new ZipBuilder().Add(new ZipItem("a") { Content = text, Descriptor = true, UnixTime = 1 }).Build();
        yield return new ZipBuilder().Add(new ZipItem("a") { Content = text, Zip64 = true }).Build();
        yield return new ZipBuilder().Add(new ZipItem("a") { Content = text, Zip64 = true, Descriptor = true }).Build();
        yield return new ZipBuilder().Add(new ZipItem("b\\c") { Content = text, Host = 0, Mode = null, Method = 0 }).Build();
        yield return new ZipBuilder { Comment = "comment"u8.ToArray() }.File("é", text).Build();
        yield return new ZipBuilder().File("big", new string('x', 5000)).Build();
    }

    private static IEnumerable<byte[]> Tars()
    {
        foreach (var format in (TarEntryFormat[])[TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu])
            yield return new TarBuilder(format).Folder("opt/").File("opt/a").Link("opt/l", "a").ToArray();
        yield return new TarBuilder(TarEntryFormat.Gnu).File("opt/" + new string('n', 150)).ToArray();
        yield return new TarBuilder(TarEntryFormat.Pax).File("opt/" + new string('n', 150)).File("opt/.wh.a").File("opt/.wh..wh..opq").ToArray();
    }

    private static IEnumerable<byte[]> Streams()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i} ")));
        foreach (var level in (int[])[0, 1, 6, 9])
        {
            foreach (var strategy in (ZLibCompressionStrategy[])[ZLibCompressionStrategy.Default, ZLibCompressionStrategy.Fixed])
            {
                using var bytes = new MemoryStream();
                var options = new ZLibCompressionOptions { CompressionLevel = level, CompressionStrategy = strategy };
                using (var deflate = new DeflateStream(bytes, options))
                    deflate.Write(text);
                yield return bytes.ToArray();
            }
        }

        yield return [3, 0];
    }

    private static IEnumerable<byte[]> Documents()
    {
        const string config = """{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"DIGEST","size":2,"data":"e30="}""";
        const string layer = """{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"DIGEST","size":32,"urls":["https://example.com"]}""";
        const string manifest = "application/vnd.oci.image.manifest.v1+json";
        string[] documents =
        [
            """{"schemaVersion":2,"mediaType":"MANIFEST","config":CONFIG,"layers":[LAYER],"annotations":{"a":"b"}}""",
            """{"schemaVersion":2,"manifests":[{"mediaType":"MANIFEST","digest":"DIGEST","size":3,"platform":{"architecture":"arm64","os":"linux"}}]}""",
            """{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Labels":{"a":"b"}},"rootfs":{"type":"layers","diff_ids":["DIGEST"]}}""",
            """{"schemaVersion":2,"config":CONFIG,"layers":[]}""",
        ];
        return documents.Select((document, i) => (byte[])
        [
            (byte)i,
            .. Encoding.UTF8.GetBytes(document.Replace("CONFIG", config).Replace("LAYER", layer).Replace("MANIFEST", manifest)
                .Replace("DIGEST", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
        ]);
    }
}
