using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>A snapshot that misses a change is worse than none.</summary>
public sealed class ApprovedTests
{
    private const string Text = "task A\n  One\n  Two\ntask B\n  One\n";

    [TestCase("task A\n  One\n  Two\ntask B\n  One\n")]
    [TestCase("task A\n  Two\n  One\ntask B\n  One\n", "- task A / One", "+ task A / One")]
    [TestCase("task A\n  One\n  One\n  Two\ntask B\n  One\n", "+ task A / One")]
    [TestCase("task A\n  One\n  Two\ntask B\n", "- task B / One")]
    [TestCase("task B\n  One\n", "- task A", "- task A / One", "- task A / Two")]
    [TestCase("task A\n  One\n  New\ntask B\n  One\n", "- task A / Two", "+ task A / New")]
    public void Every_line_counts_with_its_place_and_its_number(string actual, params string[] differences)
    {
        Assert.That(Approved.Differences(Text, actual), Is.EqualTo(differences));
    }
}
