using System.Diagnostics.CodeAnalysis;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// The handler of a class library, <c>assembly::type::method</c>
/// (https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html).
/// </summary>
internal sealed record HandlerName(string Assembly, string Type, string Method)
{
    /// <summary>Reads one; false for anything else, such as the name of an executable.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HandlerName? handler)
    {
        var parts = text.Split("::");
        handler = parts.Length == 3 && !parts.Any(p => p.Length == 0 || p.Any(char.IsWhiteSpace) || p.StartsWith(':'))
            ? new HandlerName(parts[0], parts[1], parts[2])
            : null;
        return handler is not null;
    }
}
