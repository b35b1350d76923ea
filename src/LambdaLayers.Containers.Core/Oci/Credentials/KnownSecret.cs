namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// A secret of whoever builds, known so that it can be looked for where it must not be. A class and not a record, so that
/// printing it can never show it.
/// </summary>
/// <param name="value">The secret itself.</param>
/// <param name="source">Where it comes from, in words for messages: <c>the variable AWS_SECRET_ACCESS_KEY</c>.</param>
internal sealed class KnownSecret(string value, string source)
{
    public string Value => value;

    public string Source => source;

    /// <summary>
    /// Whether it was issued during this build, so that nothing that was there before can hold it.
    /// </summary>
    public bool IsNew { get; init; }

    /// <summary>
    /// Tells one state of the file that holds it from another, without telling anything of the secret; null for a secret that
    /// is in no file.
    /// </summary>
    public string? Stamp { get; init; }

    public override string ToString() => source;
}
