using System.Globalization;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Verification;

namespace LambdaLayers.Containers.Core;

/// <summary>What a build may set of the engine itself.</summary>
/// <param name="CacheDirectory">Absolute path of LambdaLayersCacheDirectory.</param>
/// <param name="Environment">Reads an environment variable; null when it is not set.</param>
internal sealed record EngineOptions(string CacheDirectory, Func<string, string?> Environment)
{
    /// <summary>Blobs of the cache that other engines of the same build have hashed.</summary>
    public VerifiedBlobs VerifiedBlobs { get; init; } = new();

    /// <summary>How layers are compressed (LambdaLayersCompression).</summary>
    public Compression Compression { get; init; } = Compression.Default;

    /// <summary>Absolute path of the lock file (LambdaLayersLockFile); null for a build that remembers nothing.</summary>
    public string? LockFile { get; init; }

    /// <summary>Whether a change of the lock file is an error (LambdaLayersLockedMode).</summary>
    public bool LockedMode { get; init; }

    /// <summary>Whether all that the lock file says is made anew and compared (LambdaLayersVerifyLocked).</summary>
    public bool VerifyLocked { get; init; }

    /// <summary>Whether the network is forbidden (LambdaLayersOffline).</summary>
    public bool Offline { get; init; }

    /// <summary>The profile with the AWS credentials (AwsProfile); null for the default credential chain.</summary>
    public string? AwsProfile { get; init; }

    /// <summary>The AWS region for everything that names none (AwsRegion); null for the environment's or the profile's.</summary>
    public AwsRegion? AwsRegion { get; init; }

    /// <summary>What the project says about verification.</summary>
    public VerificationOptions Verification { get; init; } = new();

    /// <summary>The clock that pauses between attempts go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Which registries the build reads from, for their credentials.</summary>
    public RegistryUse Registries { get; init; } = RegistryUse.None;

    /// <summary>
    /// Modification time of files whose source has none, and of the image: SOURCE_DATE_EPOCH
    /// (https://reproducible-builds.org/specs/source-date-epoch/), else 1980-01-01.
    /// </summary>
    public DateTimeOffset SourceTime => Environment("SOURCE_DATE_EPOCH") is { Length: > 0 } text
        ? ParseEpoch(text)
        : PackOptions.ZipEpoch;

    private static DateTimeOffset ParseEpoch(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LatestEpoch
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new LayersException(
                "LLC2169",
                $"SOURCE_DATE_EPOCH is '{DisplayText.Name(text)}'. It takes the seconds since 1970, such as 1735689600: set it "
                + "with `export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`, or unset it.");

    // What the ustar header holds: 11 octal digits.
    private const long LatestEpoch = 0x1_FFFF_FFFF;
}
