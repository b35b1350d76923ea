using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Handlers are looked up in assemblies' metadata, here in this very assembly.</summary>
public sealed class HandlerTests
{
    internal const string Assembly = "LambdaLayers.Containers.Core.Tests";
    internal const string Namespace = "LambdaLayers.Containers.Core.Tests.Verification";

    private static readonly byte[] Bytes = File.ReadAllBytes(typeof(HandlerTests).Assembly.Location);

    [TestCase("SampleFunction::Handle", null)]
    [TestCase("SampleFunction::HandleInternal", null)]
    [TestCase("SampleFunction::Inherited", null)]
    [TestCase("SampleFunction::InheritedGenericMethod", null)]
    [TestCase("SampleFunction+Nested::Handle", null)]
    [TestCase("Samplefunction::Handle", "LLC3541")]
    [TestCase("Missing::Handle", "LLC3541")]
    [TestCase("SampleFunction.Nested::Handle", "LLC3541")]
    [TestCase("SampleFunction::handle", "LLC3542")]
    [TestCase("SampleFunction::Missing", "LLC3542")]
    [TestCase("SampleFunction+Nested::Inherited", "LLC3542")]
    public async Task A_type_and_a_method_exist(string handler, string? code) =>
        Assert.That(await CodesAsync(Image($"{Assembly}::{Namespace}.{handler}")), code is null ? Is.Empty
            : Is.EqualTo([code]));

    [Test]
    public async Task What_is_inherited_from_another_assembly_is_looked_up_there()
    {
        var image = Image($"{Assembly}::{Namespace}.SampleOfOtherAssemblyAttribute::Handle");
        var both = image.With(tar => tar.File("var/task/nunit.framework.dll",
            File.ReadAllBytes(typeof(CategoryAttribute).Assembly.Location)));

        Assert.That(await CodesAsync(image), Is.Empty, "nobody can tell without that assembly");
        Assert.That(await CodesAsync(both), Is.EqualTo(["LLC3542"]), "that assembly does not have it");
        Assert.That(await CodesAsync(both with
        {
            Change = run =>
            run["Cmd"] = new JsonArray($"{Assembly}::{Namespace}.SampleOfOtherAssemblyAttribute::ApplyToTest")
        }), Is.Empty);
    }

    [Test]
    public async Task A_name_that_is_nearly_right_is_offered()
    {
        Assert.That((await Image($"{Assembly}::{Namespace}.samplefunction::Handle").FindAsync("LLC3541")).Message,
            Does.Contain($"there is '{Namespace}.SampleFunction'"));
        Assert.That((await Image($"{Assembly}::{Namespace}.SampleFunction::HANDLE").FindAsync("LLC3542")).Message,
            Does.Contain("which has 'Handle'"));
    }

    [TestCase("MZ")]
    [TestCase("")]
    public async Task What_is_no_assembly_says_nothing_about_handlers(string content)
    {
        var image = Image("Fn::Fn.Function::Handle").With(tar => tar.File("var/task/Fn.dll", content));

        Assert.That(await image.CodesAsync(), Has.No.Member("LLC3541").And.No.Member("LLC3542"));
    }

    // Samples of secrets, which other tests here have, are in this assembly indeed.
    private static async Task<IReadOnlyList<string>> CodesAsync(TestImage image) =>
        [.. (await image.CodesAsync()).Where(code => !code.StartsWith("LLC357", StringComparison.Ordinal))];

    internal static TestImage Image(string handler) => new TestImage { Change = run => run["Cmd"] = new JsonArray(handler) }
        .With(tar => tar.File($"var/task/{Assembly}.dll", Bytes).File($"var/task/{Assembly}.deps.json", "{}")
            .File($"var/task/{Assembly}.runtimeconfig.json", "{}").File("var/task/Amazon.Lambda.Core.dll", "MZ"));
}

/// <summary>A function's class as users write it.</summary>
internal class SampleFunction : SampleBase<string>
{
    public string Handle(string input) => input;

    internal static void HandleInternal()
    {
    }

    internal class Nested
    {
        public static void Handle()
        {
        }
    }
}

internal abstract class SampleBase<T> : SampleRoot
{
    public T? InheritedGeneric { get; set; }

    public static void InheritedGenericMethod()
    {
    }
}

internal abstract class SampleRoot
{
    public static void Inherited()
    {
    }
}

/// <summary>Inherits from a type of another assembly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SampleOfOtherAssemblyAttribute : CategoryAttribute;
