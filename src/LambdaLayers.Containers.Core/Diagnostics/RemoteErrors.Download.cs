using System.Globalization;

namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1150 to LLC1159: plain downloads. Hosts only: paths and queries of presigned links are secrets.</summary>
internal static partial class RemoteErrors
{
    public static LayersException DownloadRefused(string host, int status, string advice) => Error("LLC1150",
        $"{host} answers the download with status {status}. {advice}");

    public static LayersException DownloadKeepsFailing(string host, string reason, long received, Exception? inner) =>
        Error("LLC1151",
            string.Create(CultureInfo.InvariantCulture, $"The download from {host} keeps failing ({reason}); {received} bytes arrived. ")
            + "Check the network and HTTPS_PROXY, and publish again.", inner);

    public static LayersException DownloadDigest(string host, string expected, string actual) => Error("LLC1152",
        $"What {host} sent is not the expected content: its SHA-256 is {actual}, expected {expected}. Nothing of it was kept. "
        + "If the content was changed on purpose, correct Sha256, or run the target UpdateLambdaLayers.");

    public static LayersException DownloadSize(string host, long expected, long actual) => Error("LLC1153",
        string.Create(CultureInfo.InvariantCulture, $"{host} sends {actual} bytes, expected {expected}. Nothing of it was kept. ")
        + "Publish again; if it stays so, the source has changed.");

    public static LayersException DownloadTooLarge(string host, long limit) => Error("LLC1154",
        string.Create(CultureInfo.InvariantCulture, $"{host} sends more than the limit of {limit} bytes. Nothing of it was kept. ")
        + "A Lambda image cannot be larger than 10 GB: check the address.");

    public static LayersException DownloadInsecure(string host) => Error("LLC1155",
        $"Downloads from {host} are only allowed over https. Write https:// in the address.");

    public static LayersException DownloadRedirects(string host, string problem) => Error("LLC1156",
        $"The download from {host} was redirected {problem}. Name the final address.");

    public static LayersException DownloadLinkExpired(string host, int status) => Error("LLC1157",
        $"{host} refuses every fresh link to the content (status {status}). The clock of this machine may be wrong, or a "
        + "proxy or VPC endpoint policy forbids Amazon S3.");
}
