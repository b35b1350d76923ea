namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC21xx: properties.</summary>
internal static partial class ItemErrors
{
    public static LayersException BadCompression(string value) =>
        Error("LLC2101", $"LambdaLayersCompression is '{value}'. It takes a gzip level from 1 (fast) to 9 (small): "
            + "<LambdaLayersCompression>6</LambdaLayersCompression>.");
}
