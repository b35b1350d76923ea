using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>What callers can decide by; all else about a failure is for people.</summary>
internal enum AwsFailureKind
{
    Other,

    /// <summary>There is no such function, alias, layer, repository or image.</summary>
    NotFound,

    /// <summary>What was to be created is there.</summary>
    AlreadyExists,

    /// <summary>The caller may not do this, however the service spells it.</summary>
    AccessDenied,

    /// <summary>Lambda itself may not pull the image; the caller may do what it asked for.</summary>
    ImageAccessDenied,

    /// <summary>No place that AWS tools look at has credentials. Ones that are wrong or have expired are not this.</summary>
    NoCredentials,
}

/// <summary>A call of AWS that failed.</summary>
internal sealed class AwsException(AwsFailureKind kind, string code, string message) : LayersException(code, message)
{
    public AwsException(string code, string message)
        : this(AwsFailureKind.Other, code, message)
    {
    }

    public AwsFailureKind Kind { get; } = kind;
}
