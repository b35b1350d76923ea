using System.Text;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Tests.Packing.Tar;

/// <summary>https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03</summary>
public sealed class PaxRecordsTests
{
    [Test]
    public void Every_record_that_counts_is_read_and_the_last_wins()
    {
        var read = PaxRecords.Parse(Encoding.UTF8.GetBytes(
            Record("path", "a") + Record("path", "b=c") + Record("linkpath", "ü") + Record("size", "7") + Record("mtime", "9.5") + Record("comment", "x")));

        Assert.That((read.Path, read.LinkPath, read.Size, read.UnixTime, read.IsSparse), Is.EqualTo(("b=c", "ü", (long?)7L, (long?)9L, false)));
    }

    [Test]
    public void An_empty_value_takes_back_what_was_there()
    {
        var read = PaxRecords.Parse(Encoding.UTF8.GetBytes(
            Record("path", "a") + Record("size", "7") + Record("mtime", "9") + Record("path", "") + Record("size", "") + Record("mtime", "")));

        Assert.That((read.Path, read.Size, read.UnixTime), Is.EqualTo(((string?)null, (long?)null, (long?)null)));
    }

    [TestCase("9", 9)]
    [TestCase("9.999", 9)]
    [TestCase("-9", -9)]
    [TestCase("-9.0", -9)]
    [TestCase("-9.5", -10)]
    public void A_time_is_rounded_down(string text, long seconds) =>
        Assert.That(PaxRecords.Parse(Encoding.UTF8.GetBytes(Record("mtime", text))).UnixTime, Is.EqualTo(seconds));

    [Test]
    public void The_name_of_a_sparse_file_is_its_own()
    {
        var read = PaxRecords.Parse(Encoding.UTF8.GetBytes(Record("GNU.sparse.major", "1") + Record("GNU.sparse.name", "real") + Record("path", "GNUSparseFile.0/real")));

        Assert.That((read.IsSparse, read.Path), Is.EqualTo((true, "real")));
        Assert.That(PaxRecords.Parse(Encoding.UTF8.GetBytes(Record("GNU.sparse.major", "1") + Record("path", "a"))).Path, Is.EqualTo("a"));
        Assert.That(PaxRecords.Parse(Encoding.UTF8.GetBytes(Record("path", "a") + Record("path", "b"))).Path, Is.EqualTo("b"));
    }

    [TestCase("7 a=b")]
    [TestCase("6 a=b\nx")]
    [TestCase("x a=b\n")]
    [TestCase("6-a=b\n")]
    [TestCase("4 =\n")]
    [TestCase("5 =b\n")]
    [TestCase("6 abc\n")]
    [TestCase("-6 a=b\n")]
    [TestCase("3 \n")]
    [TestCase("99999999999 a=b\n")]
    [TestCase("10 size=x\n")]
    [TestCase("11 size=-7\n")]
    [TestCase("11 mtime=x\n")]
    public void What_is_no_record_is_refused(string text) =>
        Assert.That(() => PaxRecords.Parse(Encoding.UTF8.GetBytes(text)), Throws.TypeOf<InvalidDataException>());

    private static string Record(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + 1;
        while (length != rest + $"{length}".Length)
            length = rest + $"{length}".Length;
        return $"{length} {key}={value}\n";
    }
}
