using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Packing;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

public sealed class FunctionPreflightTests
{
    private static readonly FunctionSettings Library =
        new("App") { IsLibrary = true, Command = ["App::App.Function::Handle"], PublishDirectory = "/nowhere" };

    private static readonly FunctionSettings Executable = new("App") { Command = ["App"] };

    [Test]
    public void A_function_as_AWS_documents_it_passes()
    {
        Check(Library, FunctionImages.Dotnet);
        Check(Executable, FunctionImages.Dotnet);
        Check(Executable with { BringsRuntime = true }, FunctionImages.Provided);
        Check(Executable, FunctionImages.Provided, new LayerFacts { HasBootstrap = true });
        Check(Executable with { Command = [] }, FunctionImages.Debian);
    }

    [Test]
    public void A_class_library_needs_a_handler() =>
        Refused.With("LLC2301", () => Check(Library with { Command = [] }, FunctionImages.Dotnet), "LambdaHandler");

    [TestCase("Handle")]
    [TestCase("App::App.Function")]
    [TestCase("App::App.Function::")]
    [TestCase("::App.Function::Handle")]
    [TestCase("App:::App.Function::Handle")]
    [TestCase("App::App.Function::Handle::More")]
    [TestCase("App :: App.Function :: Handle")]
    public void A_handler_has_three_parts(string handler) =>
        Refused.With("LLC2302", () => Check(Library with { Command = [handler] }, FunctionImages.Dotnet), handler);

    [Test]
    public void A_handler_names_a_published_assembly() =>
        Refused.With("LLC2303", () => Check(Library with { Command = ["Api::App.Function::Handle"] }, FunctionImages.Dotnet),
            "<LambdaHandler>App::App.Function::Handle</LambdaHandler>");

    [TestCase]
    [TestCase("App", "--verbose")]
    public void AWSs_entry_point_takes_one_argument(params string[] command) =>
        Refused.With("LLC2304", () => Check(Executable with { Command = command }, FunctionImages.Dotnet), $"{command.Length}");

    [Test]
    public void An_entry_point_of_ones_own_takes_what_it_likes() =>
        Check(Library with { Command = ["--verbose", "x"], HasOwnEntryPoint = true }, FunctionImages.Dotnet);

    [Test]
    public void A_framework_dependent_function_needs_a_framework() =>
        Refused.With("LLC2309", () => Check(Executable, FunctionImages.Provided), "PublishSelfContained");

    [Test]
    public void A_class_library_needs_AWSs_entry_point() =>
        Refused.With("LLC2310", () => Check(Library, FunctionImages.Debian), "OutputType");

    [Test]
    public void Lambda_starts_ten_extensions_and_no_more()
    {
        var ten = new LayerFacts { Extensions = [.. Enumerable.Range(0, 10).Select(i => $"e{i}")] };

        Check(Executable, FunctionImages.Dotnet, ten, ten);
        Refused.With("LLC3350",
            () => Check(Executable, FunctionImages.Dotnet, ten, new LayerFacts { Extensions = ["one-more"] }), "one-more");
    }

    [Test]
    public void The_functions_executable_is_the_bootstrap_where_the_base_has_none()
    {
        var selfContained = Executable with { BringsRuntime = true };
        var withBootstrap = FunctionImages.Layer(new LayerFacts { HasBootstrap = true });

        Assert.That(PackFunctionLayers.BootstrapTarget(selfContained, FunctionImages.Provided, [withBootstrap]),
            Is.EqualTo("/var/task/App"));
        Assert.That(PackFunctionLayers.BootstrapTarget(Executable, FunctionImages.Provided, [withBootstrap]), Is.EqualTo("/opt/bootstrap"));
        Assert.That(PackFunctionLayers.BootstrapTarget(selfContained, FunctionImages.Dotnet, [withBootstrap]), Is.Null);
        Assert.That(PackFunctionLayers.BootstrapTarget(selfContained, FunctionImages.Debian, [withBootstrap]), Is.Null);
        Assert.That(PackFunctionLayers.BootstrapTarget(
            selfContained with { HasOwnEntryPoint = true }, FunctionImages.Provided, []), Is.Null);
    }

    private static void Check(FunctionSettings function, Image @base, params LayerFacts[] facts) =>
        FunctionPreflight.Check(function, @base, "base:1", [.. facts.Select(f => FunctionImages.Layer(f))]);
}
