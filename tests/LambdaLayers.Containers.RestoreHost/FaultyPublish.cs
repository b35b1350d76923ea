using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.RestoreHost;

/// <summary>
/// Publishes over and over under faults.c, each time with another of its file calls failing, then once more without a fault:
/// <c>faults full|error|cancel FOLDER STEP BASE INCLUDE...</c>. Prints a line of JSON for each.
/// </summary>
internal static class FaultyPublish
{
    private const int NoSpace = 28; // ENOSPC
    private const int InputOutput = 5; // EIO

    private delegate void Set([MarshalAs(UnmanagedType.LPUTF8Str)] string folder, nint n, int error, int stays, Action? callback);

    private delegate nint Count();

    /// <param name="mode">full: the disk stays full; error: one call fails; cancel: the build is cancelled.</param>
    /// <param name="root">An empty folder of its own.</param>
    /// <param name="step">1 for every call, more for a sample.</param>
    /// <param name="base">Reference of the base image.</param>
    /// <param name="includes">The layers.</param>
    public static async Task<int> RunAsync(string mode, string root, int step, string @base, string[] includes)
    {
        var set = Export<Set>("fault_set");
        var count = Export<Count>("fault_count");
        for (var n = 0; ; n += step)
        {
            var folder = Path.Combine(root, $"{n}");
            Directory.CreateDirectory(folder);
            using var cancellation = new CancellationTokenSource();
            Action? cancel = mode == "cancel" ? () => _ = Task.Run(cancellation.Cancel) : null;
            set(folder, n, mode == "error" ? InputOutput : NoSpace, mode == "full" ? 1 : 0, cancel);
            var outcome = await TryAsync(folder, @base, includes, cancellation.Token);
            var calls = count();
            set("", -1, 0, 0, null);
            GC.KeepAlive(cancel);
            var left = string.Join(' ', Leavings.In(folder));
            var again = await TryAsync(folder, @base, includes, CancellationToken.None);
            await Console.Out.WriteLineAsync(new JsonObject
            {
                ["call"] = n,
                ["hit"] = n < calls,
                ["outcome"] = outcome,
                ["left"] = left,
                ["again"] = again,
            }.ToJsonString());
            Directory.Delete(folder, recursive: true);
            if (n >= calls)
                return 0;
        }
    }

    private static async Task<string> TryAsync(string folder, string @base, string[] includes, CancellationToken cancellationToken)
    {
        try
        {
            return await PublishAsync(folder, @base, includes, cancellationToken);
        }
        catch (LayersException e)
        {
            return e.Diagnostic.Code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return "cancelled";
        }
        catch (Exception e)
        {
            return $"{e}";
        }
    }

    // The digest of what came out.
    private static async Task<string> PublishAsync(string folder, string @base, string[] includes, CancellationToken cancellationToken)
    {
        var options = new EngineOptions(Path.Combine(folder, "cache"), Environment.GetEnvironmentVariable)
        {
            LockFile = Path.Combine(folder, "lambda-layers.lock.json"),
            Verification = new VerificationOptions { ReportPath = Path.Combine(folder, "out", "report.sarif") },
        };
        using var engine = new Engine(options, new RestoreHost.Silence());
        var items = includes.Select(include => LayerItemParser.Parse(new ItemOrigin(include), folder, _ => "")).ToList();
        var function = new FunctionSettings("Fn") { Command = ["Fn"] };
        var request = new VirtualBaseRequest(ImageReference.Parse(@base), [Platform.LinuxAmd64], items) { Function = function };
        var destination = new PublishDestination("fn", ["1"]) { ArchivePath = Path.Combine(folder, "out", "image.tar") };
        var sbom = new SbomSettings(Path.Combine(folder, "out"), "image");
        var published = await SdkPush.PublishAsync(engine, request, destination, sbom: sbom, cancellationToken: cancellationToken);
        return published.Digest.ToString();
    }

    private static T Export<T>(string name)
        where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name));
}
