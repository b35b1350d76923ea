using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Verifies any image by the rules that images are published under: one in a registry, an archive, an unpacked layout. Each
/// layer is looked at, fetched where need be.
/// </summary>
public sealed class VerifyLambdaImage : EngineTask
{
    /// <summary>A reference, or the path of an archive or layout folder.</summary>
    public string Image { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        const string Transport = "docker://";
        var name = Image.Trim();
        if (name.Length == 0)
            throw VerificationErrors.NoImage();
        var path = Path.GetFullPath(name, ProjectDirectory);
        var options = ReadOptions() with { LockFile = null };
        if (Path.Exists(path))
            name = path;
        else if (name.StartsWith(Transport, StringComparison.Ordinal))
            name = name[Transport.Length..];
        if (ImageReference.TryParse(name, out var reference))
            options = options with { Registries = RegistryUse.None with { BaseRegistry = reference.Registry } };
        using var engine = new Engine(options, new TaskEngineLog(this));
        var images = await engine.VerifyImageAsync(name, cancellationToken);
        Log.LogMessage(
            MessageImportance.High, "{0}",
                $"Verified {Image}{(images > 1 ? $" ({images} images)" : "")}: nothing in it that Lambda is known to refuse.");
    }
}
