using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing.Zip;

/// <summary>
/// What becomes a layer is what everybody else reads in the zip, too. A sample: docs/security.md has the figures of the long run.
/// </summary>
[Platform("Linux")]
public sealed class OtherReadersTests
{
    [Test]
    public async Task A_changed_zip_that_two_readers_read_differently_is_refused()
    {
        var readers = await ZipReaders.FindAsync();
        if (!readers.Names.Any())
            Tools.Skip("No other reader of zips is installed.");
        var comparison = new ZipComparison();

        await comparison.RunAsync(readers, first: 1_000_000, count: 250);

        TestContext.Out.WriteLine($"{string.Join(", ", readers.Names)}\n{comparison}");
        Assert.That(comparison.Findings, Is.Empty);
        Assert.That(comparison.Accepted, Is.GreaterThan(30), "else nothing is compared");
        Assert.That(comparison.Refused, Has.Count.GreaterThan(10), "else the changes are all of one kind");
    }

    [Test]
    public async Task Zips_that_are_changed_in_any_way_end_in_a_layer_or_in_a_coded_error()
    {
        var comparison = new ZipComparison();

        await comparison.RunAsync(ZipReaders.None, first: 2_000_000, count: 3000);

        TestContext.Out.WriteLine($"{comparison}");
        Assert.That(comparison.Findings, Is.Empty);
    }
}
