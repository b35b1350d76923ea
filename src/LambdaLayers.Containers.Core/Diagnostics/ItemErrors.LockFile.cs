using System.Globalization;

namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC2200 to LLC2299: the lock file and offline builds.</summary>
internal static partial class ItemErrors
{
    public static LayersException LockFileCorrupt(string path, string where, Exception inner) =>
        Error("LLC2201", $"The lock file '{path}' cannot be read ({where}). Take it back from version control, or delete it "
            + "and run the target RestoreLambdaLayers (dotnet msbuild -t:RestoreLambdaLayers), which writes it anew.", inner);

    public static LayersException LockFileConflict(string path, int line) =>
        Error("LLC2202", string.Create(CultureInfo.InvariantCulture,
            $"The lock file '{path}' holds a merge conflict (line {line}). Take either side (git checkout --ours -- ")
            + $"{Path.GetFileName(path)}), then run the target RestoreLambdaLayers, which adds what is missing, and commit it.");

    public static LayersException LockFileTooNew(string path, int version, int known) =>
        Error("LLC2203", string.Create(CultureInfo.InvariantCulture,
            $"The lock file '{path}' has format {version}, this version of LambdaLayers.Containers knows {known}. ")
            + "Use the version of the package that wrote it, or delete the file and run the target RestoreLambdaLayers.");

    public static LayersException LockFileWouldChange(string path, IReadOnlyList<string> differences) =>
        Error("LLC2204", $"The lock file '{path}' does not fit the project, and LambdaLayersLockedMode forbids to change it: "
            + string.Join("; ", differences) + ". Run the target RestoreLambdaLayers without LambdaLayersLockedMode and commit "
            + "the file.");

    public static LayersException LockFileUnwritable(string path, Exception inner) =>
        Error("LLC2205", $"The lock file '{path}' cannot be written: {inner.Message} Make its folder writable, name another "
            + "place with LambdaLayersLockFile, or set LambdaLayersLockedMode to true where it must not change.", inner);

    public static LayersException NotALayerArn(string include) =>
        Error("LLC2206", $"'{include}' is not the ARN of a Lambda layer. Write it like "
            + "arn:aws:lambda:us-east-1:123456789012:layer:my-layer:1; without the version, or with :latest, it means the "
            + "newest one. A function's ARN, or one with a name instead of the account's twelve digits, is none.");

    public static LayersException OfflineMissing(IReadOnlyList<string> missing) =>
        Error("LLC2210", "LambdaLayersOffline forbids the network, and this is missing: " + string.Join("; ", missing)
            + ". Run the target RestoreLambdaLayers once with the network (dotnet msbuild -t:RestoreLambdaLayers), keep "
            + "LambdaLayersCacheDirectory and the lock file, and build again.", new OfflineGap(missing));
}
