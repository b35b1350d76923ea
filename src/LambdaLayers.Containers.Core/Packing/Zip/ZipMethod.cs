namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>The compression methods that Lambda's zips use (APPNOTE 4.4.5).</summary>
internal static class ZipMethod
{
    public const int Stored = 0;
    public const int Deflated = 8;
}
