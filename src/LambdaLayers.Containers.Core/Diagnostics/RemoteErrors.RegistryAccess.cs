namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1030 to LLC1049: credentials for image registries.</summary>
internal static partial class RemoteErrors
{
    public static LayersException RealmRefused(string host, string realm, string reason) =>
        Error("LLC1030", $"The registry '{host}' wants us to log in at '{realm}', which we do not do: {reason}.");

    public static LayersException TokenUnusable(string host, string realm, string reason, Exception? inner = null) =>
        Error("LLC1031", $"The token service '{realm}' of the registry '{host}' gave no usable token: "
            + $"{reason}.", inner);

    public static LayersException ChallengeUnusable(string host, string schemes) =>
        Error("LLC1032", $"The registry '{host}' asks for a log-in of a kind we do not know ({schemes}). Basic and "
            + "Bearer are supported.");

    public static LayersException CredentialHelperMissing(string helper, string file) =>
        Error("LLC1033", $"'{file}' names the credential helper '{helper}', which is not on the PATH. Install it, "
            + "or remove it from that file and log in again.");

    public static LayersException CredentialHelperFailed(
        string helper, string file, string reason, Exception? inner = null) =>
        Error("LLC1034", $"The credential helper '{helper}', named in '{file}', failed: {reason}. Run "
            + $"'echo HOST | {helper} get' to see what it says.", inner);

    public static LayersException CredentialFileUnreadable(string file, string reason, Exception? inner = null) =>
        Error("LLC1035", $"The credential file '{file}' cannot be used: {reason}. Mend it, or remove it and log in "
            + "again.", inner);
}
