using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class FileSliceTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [TestCase(0, 8, 0)]
    [TestCase(1, 8, 1)]
    [TestCase(2, 8, 2)]
    [TestCase(7, 8, 2)]
    [TestCase(8, 8, 2)]
    [TestCase(9, 8, 2)]
    [TestCase(10, 8, 3)]
    [TestCase(16, 8, 3)]
    [TestCase(3, 1, 3)]
    public void The_last_byte_is_handed_out_by_a_read_of_its_own(int length, int buffer, int reads)
    {
        var path = _root.File("file");
        byte[] content = [.. Enumerable.Range(0, 5 + length + 5).Select(i => (byte)i)];
        File.WriteAllBytes(path, content);
        using var file = File.OpenHandle(path);
        using var slice = new FileRange(file, 5, length).Open(lastByteApart: true);

        var parts = new List<byte[]>();
        var bytes = new byte[buffer];
        while (slice.Read(bytes.AsSpan()) is > 0 and var read)
            parts.Add(bytes[..read]);

        Assert.That(parts.SelectMany(p => p), Is.EqualTo(content[5..(5 + length)]));
        Assert.That(parts, Has.Count.EqualTo(reads));
        Assert.That(parts.LastOrDefault()?.Length ?? 1, Is.EqualTo(1));
        Assert.That(slice.Remaining, Is.Zero);
    }

    [Test]
    public void A_last_byte_that_nobody_asks_for_remains()
    {
        var path = _root.File("file");
        File.WriteAllText(path, "abc");
        using var file = File.OpenHandle(path);
        using var slice = new FileRange(file, 0, 3).Open(lastByteApart: true);

        Assert.That(slice.Read(new byte[8].AsSpan()), Is.EqualTo(2));
        Assert.That(slice.Remaining, Is.EqualTo(1));
        Assert.That(slice.Read([]), Is.Zero);
        Assert.That(slice.Remaining, Is.EqualTo(1));
    }
}
