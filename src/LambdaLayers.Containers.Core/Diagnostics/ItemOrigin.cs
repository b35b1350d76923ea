namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>Where a <c>LambdaLayer</c> item was written.</summary>
/// <param name="Include">The Include as the user spelled it.</param>
/// <param name="File">The project file that defines it (DefiningProjectFullPath), or null.</param>
internal sealed record ItemOrigin(string Include, string? File = null)
{
    /// <summary>The Include as it may be shown and written down: an address without query, fragment and user name.</summary>
    public string DisplayName => Include.Contains("://", StringComparison.Ordinal)
        && Uri.TryCreate(Include, UriKind.Absolute, out var address)
        && (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : Include;
}
