namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>A bearer token and how long to use it. Its text never shows the token.</summary>
internal sealed class AccessToken(string value, DateTimeOffset renewAt)
{
    public string Value { get; } = value;

    /// <summary>From here on a new one is fetched; a little before it really expires.</summary>
    public DateTimeOffset RenewAt { get; } = renewAt;
}
