using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>LLC1033 to LLC1039: the places where credentials for registries are kept.</summary>
internal static class CredentialErrors
{
    public static LayersException CredentialHelperMissing(string helper, string file) =>
        new("LLC1033", $"'{file}' names the credential helper '{helper}', which is not on the PATH. Install it, "
            + "or remove it from that file and log in again.");

    public static LayersException CredentialHelperFailed(
        string helper, string file, string reason, Exception? inner = null) =>
        new("LLC1034", $"The credential helper '{helper}', named in '{file}', failed: {reason}. Run "
            + $"'echo HOST | {helper} get' to see what it says.", inner);

    public static LayersException CredentialFileUnreadable(string file, string reason, Exception? inner = null) =>
        new("LLC1035", $"The credential file '{file}' cannot be used: {reason}. Mend it, or remove it and log in "
            + "again.", inner);
}
