using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>
/// A stand-in for the package that the Python samples use, as a package index would give it
/// (https://packaging.python.org/specifications/binary-distribution-format/): with a command, into which pip writes its own path.
/// </summary>
internal static class Wheel
{
    public const string Name = "humanize-4.9.0-py3-none-any.whl";

    private const string Info = "humanize-4.9.0.dist-info";

    public static byte[] Bytes => new ZipBuilder()
        .File("humanize/__init__.py", "def naturalsize(value):\n    return f\"{value} Bytes\"\n\n\ndef main():\n    print(naturalsize(1))\n")
        .File($"{Info}/METADATA", "Metadata-Version: 2.1\nName: humanize\nVersion: 4.9.0\n")
        .File($"{Info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        .File($"{Info}/entry_points.txt", "[console_scripts]\nhumanize = humanize:main\n")
        .File($"{Info}/RECORD", $"humanize/__init__.py,,\n{Info}/METADATA,,\n{Info}/WHEEL,,\n{Info}/entry_points.txt,,\n{Info}/RECORD,,\n")
        .Build();
}
