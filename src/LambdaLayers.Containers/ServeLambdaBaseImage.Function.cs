using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>What the task takes and gives for an image that is a Lambda function.</summary>
public sealed partial class ServeLambdaBaseImage
{
    /// <summary>Assembly name of the function's project; empty when the image is no function.</summary>
    public string FunctionAssembly { get; set; } = "";

    /// <summary>Whether the function is a class library.</summary>
    public bool FunctionIsLibrary { get; set; }

    /// <summary>Whether the function's executable is self-contained or Native AOT.</summary>
    public bool FunctionBringsRuntime { get; set; }

    /// <summary>The image's CMD (<c>ContainerDefaultArgs</c>).</summary>
    public string[] FunctionCommand { get; set; } = [];

    /// <summary>Whether the user sets the image's entry point.</summary>
    public bool FunctionHasEntryPoint { get; set; }

    /// <summary><c>ContainerWorkingDirectory</c>.</summary>
    public string FunctionDirectory { get; set; } = "";

    /// <summary>Absolute path of the published files.</summary>
    public string PublishDirectory { get; set; } = "";

    /// <summary>Published files, relative, that get an image layer of their own.</summary>
    public string[] Dependencies { get; set; } = [];

    /// <summary>The entry point to set because the base image has none; empty where it has one.</summary>
    [Output]
    public string[] FunctionEntryPoint { get; set; } = [];

    private FunctionSettings? ReadFunction() =>
        FunctionAssembly.Length == 0
            ? null
            : new FunctionSettings(FunctionAssembly)
            {
                IsLibrary = FunctionIsLibrary,
                BringsRuntime = FunctionBringsRuntime,
                Command = FunctionCommand,
                HasOwnEntryPoint = FunctionHasEntryPoint,
                WorkingDirectory = FunctionDirectory.TrimEnd('/'),
                PublishDirectory = PublishDirectory,
                Dependencies = Dependencies,
            };

    private void FinishFunction(TaskEngineLog log, FunctionSettings? function, IReadOnlyList<Image> images)
    {
        if (function is null)
            return;
        if (images.Count > 1)
            log.Warning(ContentErrors.FunctionIsIndex([.. images.Select(i => i.Platform.ToString())]));
        if (images[0].Config.EntryPoint.Count == 0 && !function.HasOwnEntryPoint)
            FunctionEntryPoint = EntryPointOf(function);
    }

    private static string[] EntryPointOf(FunctionSettings function)
    {
        var program = $"{function.WorkingDirectory}/{function.AssemblyName}";
        return function.BringsRuntime ? [program] : ["dotnet", program + ".dll"];
    }
}
