using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class FileSignatureTests
{
    [TestCase(62, false, "x64")]
    [TestCase(183, false, "arm64")]
    [TestCase(3, false, "elf-3")]
    [TestCase(8, true, "elf-8")]
    public void The_machine_of_an_ELF_file_is_read_in_its_byte_order(int machine, bool bigEndian, string expected)
    {
        Assert.That(FileSignature.Of(Elf(machine, bigEndian)).ElfMachine, Is.EqualTo(expected));
    }

    [TestCase("#!/bin/sh\necho\r\n", true, false)]
    [TestCase("#!/bin/sh\r\necho\n", true, true)]
    [TestCase("#!/bin/sh", true, false)]
    [TestCase("#\n", false, false)]
    [TestCase("\ufeff#!/bin/sh\r\n", false, false)]
    [TestCase("", false, false)]
    public void A_script_is_known_by_its_first_two_bytes(string content, bool script, bool windows)
    {
        var signature = FileSignature.Of(System.Text.Encoding.UTF8.GetBytes(content));

        Assert.That((signature.IsScript, signature.HasWindowsLineEnd), Is.EqualTo((script, windows)));
    }

    [Test]
    public void A_file_that_ends_within_the_ELF_header_is_none()
    {
        Assert.That(FileSignature.Of(Elf(62).AsSpan(0, 19)).ElfMachine, Is.Null);
    }

    internal static byte[] Elf(int machine, bool bigEndian = false)
    {
        var file = new byte[64];
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = (byte)(bigEndian ? 2 : 1);
        file[bigEndian ? 19 : 18] = (byte)machine;
        return file;
    }
}
