using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>A function by name or unqualified ARN.</summary>
internal sealed partial record FunctionName
{
    private FunctionName(string text, string name) => (Text, Name) = (text, name);

    /// <summary>As the API takes it: what the user wrote.</summary>
    public string Text { get; }

    /// <summary>Only the name.</summary>
    public string Name { get; }

    /// <summary>Of an ARN; null for a name.</summary>
    public AwsRegion? Region { get; private init; }

    /// <summary>Reads <c>LambdaFunctionName</c>.</summary>
    public static FunctionName Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            throw FunctionErrors.BadFunctionName(text);
        return new FunctionName(text, match.Groups["name"].Value)
        {
            Region = AwsRegion.TryParse(match.Groups["region"].Value, out var region) ? region : null,
        };
    }

    public override string ToString() => Name;

    // botocore, lambda service-2.json, FunctionName, without qualifier.
    [GeneratedRegex(
        @"\A(arn:aws[a-zA-Z-]*:lambda:(?<region>" + AwsRegion.Grammar + @"):[0-9]{12}:function:)?(?<name>[a-zA-Z0-9_-]{1,64})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
