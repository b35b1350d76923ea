namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>Where a <c>LambdaLayer</c> item was written.</summary>
/// <param name="Include">The Include as the user spelled it.</param>
/// <param name="File">The project file that defines it (DefiningProjectFullPath), or null.</param>
internal sealed record ItemOrigin(string Include, string? File = null)
{
    /// <summary>The property that says it, where that is no item; messages name it then.</summary>
    public string? Property { get; init; }

    /// <summary>The Include as it may be shown and written down: an address without query, fragment and user name.</summary>
    public string DisplayName => Include.Contains("://", StringComparison.Ordinal)
        && Uri.TryCreate(Include, UriKind.Absolute, out var address)
        && (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : Include;

    /// <summary>Does work for this item: a failure that names no item yet is attributed to this one.</summary>
    public async Task<T> AttributeAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LayersException e)
        {
            throw e.For(this);
        }
    }

    /// <inheritdoc cref="AttributeAsync"/>
    public T Attribute<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LayersException e)
        {
            throw e.For(this);
        }
    }

    /// <inheritdoc cref="AttributeAsync"/>
    public void Attribute(Action work) => Attribute<object?>(() =>
    {
        work();
        return null;
    });
}
