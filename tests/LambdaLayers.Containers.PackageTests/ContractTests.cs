using System.Text.RegularExpressions;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>The contract with users: names that their projects depend on, each of them documented.</summary>
public sealed partial class ContractTests
{
    private static string Diagnostics => File.ReadAllText(Repository.PathOf("docs", "diagnostics.md"));

    private static string Reference => File.ReadAllText(Repository.PathOf("docs", "reference.md"));

    [Test]
    public async Task Names_change_only_on_purpose()
    {
        Approved.Check("LambdaLayers.Containers.PackageTests", "Contract.approved.txt", Contract.Describe(await PackedPackage.GetAsync()));
    }

    [Test]
    public void A_code_has_one_text()
    {
        Assert.That(Contract.CodesInSources, Is.Unique);
    }

    [Test]
    public void Every_code_has_a_heading_in_the_documentation()
    {
        Assert.That(Contract.Codes.Except(Documented()), Is.Empty);
    }

    [Test]
    public void Every_documented_code_exists()
    {
        Assert.That(Documented().Except(Contract.Codes), Is.Empty);
    }

    [Test]
    public void A_code_is_documented_once_and_below_the_heading_of_its_range()
    {
        var documented = Documented().ToList();

        Assert.That(documented, Is.Unique);
        Assert.That(documented, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test]
    public void Every_property_item_metadata_and_target_is_in_the_reference()
    {
        var names = Contract.Properties.Concat(Contract.Targets).Concat(Contract.Items).Concat(Contract.Metadata);

        Assert.That(names.Where(name => !Reference.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> Documented() =>
        CodeHeading().Matches(Diagnostics).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^### (LLC\d{4})\b", RegexOptions.Multiline)]
    private static partial Regex CodeHeading();
}
