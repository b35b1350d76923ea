using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>How an image is run, as the project says where the .NET SDK does not; what is empty stays the base image's.</summary>
internal sealed record RunSettings
{
    /// <summary>ENTRYPOINT (<c>ContainerEntrypoint</c>).</summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    /// <summary>CMD (<c>LambdaHandler</c>, <c>ContainerDefaultArgs</c>).</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>WORKDIR, absolute (<c>ContainerWorkingDirectory</c>).</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>USER (<c>ContainerUser</c>); Lambda takes one of its own instead.</summary>
    public string User { get; init; } = "";

    /// <summary>EXPOSE: <c>8080/tcp</c> (<c>ContainerPort</c>).</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>The config of an image that is run so.</summary>
    public ImageConfig ApplyTo(ImageConfig config)
    {
        if (EntryPoint.Count > 0)
            config = config.WithEntryPoint(EntryPoint);
        if (Command.Count > 0)
            config = config.WithCommand(Command);
        if (WorkingDirectory.Length > 0)
            config = config.WithWorkingDirectory(WorkingDirectory);
        return (User.Length > 0 ? config.WithUser(User) : config).WithPorts(Ports);
    }
}
