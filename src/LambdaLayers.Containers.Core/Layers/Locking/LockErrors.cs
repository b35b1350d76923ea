using System.Globalization;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>LLC22xx and LLC34xx: the lock file, and what does not come out as recorded.</summary>
internal static class LockErrors
{
    public static LayersException Corrupt(string path, string where, Exception inner) =>
        new("LLC2201", $"The lock file '{path}' cannot be read ({where}). Take it back from version control, or delete it "
            + "and run the target RestoreLambdaLayers (dotnet msbuild -t:RestoreLambdaLayers), which writes it anew.", inner);

    public static LayersException Conflict(string path, int line) =>
        new("LLC2202", string.Create(CultureInfo.InvariantCulture,
            $"The lock file '{path}' holds a merge conflict (line {line}). Take either side (git checkout --ours -- ")
            + $"{Path.GetFileName(path)}), then run the target RestoreLambdaLayers, which adds what is missing, and commit it.");

    public static LayersException TooNew(string path, int version, int known) =>
        new("LLC2203", string.Create(CultureInfo.InvariantCulture,
            $"The lock file '{path}' has format {version}, this version of LambdaLayers.Containers knows {known}. ")
            + "Use the version of the package that wrote it, or delete the file and run the target RestoreLambdaLayers.");

    public static LayersException WouldChange(string path, IReadOnlyList<string> differences) =>
        new("LLC2204", $"The lock file '{path}' does not fit the project, and LambdaLayersLockedMode forbids to change it: "
            + string.Join("; ", differences) + ". Run the target RestoreLambdaLayers without LambdaLayersLockedMode and commit "
            + "the file.");

    public static LayersException Unwritable(string path, Exception inner) =>
        new("LLC2205", $"The lock file '{path}' cannot be written: {inner.Message} Make its folder writable, name another "
            + "place with LambdaLayersLockFile, or set LambdaLayersLockedMode to true where it must not change.", inner);

    public static LayersException NotOfItsInclude(string? path, string include, string problem) =>
        new("LLC2208", $"The lock file '{path}' puts something else in the place of '{DisplayText.Name(include)}': {problem}. "
            + "Take the file back from version control, or delete this entry and run the target RestoreLambdaLayers.");

    public static LayersException ContradictsCache(string? path, string difference) =>
        new("LLC2209", $"The lock file '{path}' says that the layer packs to something else than what this machine made of "
            + $"the same source: {difference}. Take the file back from version control. To see which one is right, build "
            + "once with LambdaLayersVerifyLocked=true, which makes the layer anew and compares.");

    public static LayersException NotWhatSourceSays(string? path, string include, IReadOnlyList<string> differences) =>
        new("LLC2211", $"The lock file '{path}' is not what the source of '{DisplayText.Name(include)}' says: "
            + string.Join("; ", differences) + ". Take the file back from version control, or delete this entry and run the "
            + "target RestoreLambdaLayers.");

    public static LayersException NotAsLocked(string? path, string difference) =>
        new("LLC3401", $"The layer does not pack to what the lock file '{path}' says: {difference}. Take the file back from "
            + "version control; if the file is to follow, run the target UpdateLambdaLayers (dotnet msbuild "
            + "-t:UpdateLambdaLayers), which records what the source packs to now.");

    public static LayersException SourceKeepsChanging(Digest before, Digest now) =>
        new("LLC3402", $"The layer packed to {before} earlier in this build, and to {now} now: its source changes while it is "
            + "read. Build again when nothing writes there any more.");
}
