using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// What would only show when Lambda creates or starts the function, and can be told before anything is made. What needs the
/// finished image is among the rules of verification.
/// </summary>
internal static class FunctionPreflight
{
    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html</summary>
    public const int MostExtensions = 10;

    /// <summary>Throws LLC23xx or LLC33xx for an image that could not work as this function.</summary>
    public static void Check(FunctionSettings function, Image @base, string baseName, IReadOnlyList<Layer> layers)
    {
        CheckExtensions(layers);
        if (function.HasOwnEntryPoint)
            return;
        if (function.IsLibrary)
            CheckHandler(function);
        if (function.Task is null)
            CheckRuntime(function, @base, baseName, layers);
        else
            CheckTask(function, @base, baseName, layers);
        if (AwsBaseImage.StartsWithEntryPoint(@base.Config) && function.Command.Count != 1)
            throw FunctionImageErrors.CommandNotSingle(function.Command);
    }

    /// <summary>Lambda starts every file directly in /opt/extensions, and refuses to start more than ten.</summary>
    public static void CheckExtensions(IReadOnlyList<Layer> layers)
    {
        var extensions = layers.SelectMany(l => l.Facts.Extensions).Distinct().Order(StringComparer.Ordinal).ToList();
        if (extensions.Count > MostExtensions)
            throw FunctionImageErrors.TooManyExtensions(extensions, MostExtensions);
    }

    /// <summary>The command of a class library is <c>assembly::type::method</c>, of an assembly that is published.</summary>
    public static void CheckHandler(FunctionSettings function)
    {
        if (function.Command.Count == 0)
            throw FunctionImageErrors.HandlerMissing(function.AssemblyName);
        var handler = function.Command[0];
        if (!HandlerName.TryParse(handler, out var name))
            throw FunctionImageErrors.HandlerMalformed(handler, function.AssemblyName);
        // AWS's runtime loads any assembly that lies beside the function's: a handler may be in a library.
        if (name.Assembly != function.AssemblyName
            && !File.Exists(Path.Combine(function.PublishDirectory, name.Assembly + ".dll")))
        {
            throw FunctionImageErrors.HandlerOfOtherAssembly(handler, name.Assembly, function.AssemblyName);
        }
    }

    // What runs it is not to be seen in a base's config: its name tells, where it is AWS's.
    private static void CheckTask(FunctionSettings function, Image @base, string baseName, IReadOnlyList<Layer> layers)
    {
        if (AwsBaseImage.StartsWithEntryPoint(@base.Config) && function is { Runtime.IsProvided: true, BringsRuntime: false }
            && !layers.Any(l => l.Facts.HasBootstrap))
        {
            throw TaskImageErrors.NoBootstrap(baseName);
        }

        if (AwsBaseImage.StartsWithEntryPoint(@base.Config) && function.Command.Count == 0)
            throw TaskImageErrors.HandlerMissing();
    }

    private static void CheckRuntime(
        FunctionSettings function, Image @base, string baseName, IReadOnlyList<Layer> layers)
    {
        var config = @base.Config;
        if (function.IsLibrary && !AwsBaseImage.StartsWithEntryPoint(config) && config.EntryPoint.Count == 0)
            throw FunctionImageErrors.LibraryNeedsAwsBase(baseName);
        if (AwsBaseImage.StartsWithEntryPoint(config) && !AwsBaseImage.HasDotnet(config) && !function.BringsRuntime
            && !layers.Any(l => l.Facts.HasBootstrap))
        {
            throw FunctionImageErrors.NoDotnetInBase(baseName);
        }
    }
}
