using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LambdaLayers.Containers.Core.Verification.Inspection;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.Verification;

public sealed class ElfFileTests
{
    [TestCase("amd64", "x64")]
    [TestCase("arm64", "arm64")]
    public void A_program_says_what_it_needs(string architecture, string machine)
    {
        var file = ElfBuilder.Create(architecture, "/lib64/ld.so", ["liba.so.1", "libb.so"], "$ORIGIN/../lib:/opt/x",
            tail: 5000);

        var elf = ElfFile.Parse(file)!;

        Assert.That(elf.Machine, Is.EqualTo(machine));
        Assert.That(elf.Loader, Is.EqualTo("/lib64/ld.so"));
        Assert.That(elf.Needed, Is.EqualTo(["liba.so.1", "libb.so"]));
        Assert.That(elf.SearchPath, Is.EqualTo(["$ORIGIN/../lib", "/opt/x"]));
    }

    // The first of ElfBuilder's program headers is the loaded segment: offset, address and size of it.
    [TestCase(0)]
    [TestCase(232)]
    public void A_table_is_where_the_segment_of_its_address_is_in_the_file(long begin)
    {
        var file = ElfBuilder.Library("amd64", "liba.so");
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(72), begin);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(80), 0x400000 + begin);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(96), file.Length - begin);

        Assert.That(ElfFile.Parse(file)!.Needed, Is.EqualTo(["liba.so"]));
    }

    [Test]
    public void A_table_beyond_its_segment_is_not_read()
    {
        var file = ElfBuilder.Library("amd64", "liba.so");
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(96), 232);

        Assert.That(ElfFile.Parse(file)!.Needed, Is.Empty);
    }

    [Test]
    public void A_library_has_no_loader() => Assert.That(ElfFile.Parse(ElfBuilder.Library("amd64",
        "libc.so.6"))!.Loader, Is.Null);

    [TestCase("")]
    [TestCase("MZ, not ELF at all, but long enough")]
    [TestCase("\u007fELF")]
    public void What_is_not_ELF_is_not_read(string content) =>
        Assert.That(ElfFile.Parse(System.Text.Encoding.Latin1.GetBytes(content)), Is.Null);

    [Test]
    public void Damaged_tables_are_left_out_and_never_fail()
    {
        var file = ElfBuilder.Create("amd64", "/lib64/ld.so", ["liba.so.1"], "$ORIGIN");
        for (var length = 20; length < file.Length; length++)
            Assert.That(ElfFile.Parse(file.AsSpan(0, length))!.Machine, Is.EqualTo("x64"));
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var broken = (byte[])file.Clone();
            for (var n = 0; n < 8; n++)
                broken[random.Next(20, broken.Length)] = (byte)random.Next(256);
            Assert.That(ElfFile.Parse(broken), Is.Not.Null);
        }
    }

    [Test]
    public void Other_machines_are_only_named()
    {
        var file = ElfBuilder.Program();
        (file[4], file[5], file[18], file[19]) = (1, 2, 0, 8);

        var elf = ElfFile.Parse(file)!;

        Assert.That(elf.Machine, Is.EqualTo("elf-8"));
        Assert.That(elf.Loader, Is.Null);
        Assert.That(elf.Needed, Is.Empty);
    }

    [Test]
    public async Task Libraries_of_this_machine_are_read_as_readelf_reads_them()
    {
        var readelf = Tools.Require("readelf");
        foreach (var path in Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "lib*.so").Append("/bin/sh"))
        {
            var listed = (await ToolRunner.RunAsync(readelf, "-d", "-l", "-W", path)).StandardOutput;
            var elf = ElfFile.Parse(await File.ReadAllBytesAsync(path))!;

            Assert.That(elf.Needed, Is.EqualTo(Between(listed, "(NEEDED)", "[", "]")), path);
            Assert.That(elf.SearchPath, Is.EqualTo(Between(listed, "PATH)", "[", "]").SelectMany(p => p.Split(':'))),
                path);
            Assert.That((string?[])(elf.Loader is null ? [] : [elf.Loader]), Is.EqualTo(Between(listed, "Requesting "
                + "program interpreter", ": ", "]")), path);
        }
    }

    private static IEnumerable<string> Between(string text, string line, string start, string end) =>
        text.Split('\n').Where(l => l.Contains(line, StringComparison.Ordinal)).Select(l =>
        {
            var from = l.IndexOf(start, l.IndexOf(line, StringComparison.Ordinal) + line.Length,
                StringComparison.Ordinal) + start.Length;
            return l[from..l.IndexOf(end, from, StringComparison.Ordinal)];
        });
}
