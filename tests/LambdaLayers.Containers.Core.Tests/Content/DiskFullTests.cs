using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Tests.Content;

public sealed class DiskFullTests
{
    [Test]
    [Platform("Linux")]
    public void A_device_without_space_is_recognised()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);

        var error = Assert.Throws<IOException>(() => full.Write([1]));

        Assert.That(error is not null && DiskFull.Is(error));
    }

    [Test]
    public void Other_failures_are_not() =>
        Assert.That(DiskFull.Is(new FileNotFoundException()), Is.False);
}
