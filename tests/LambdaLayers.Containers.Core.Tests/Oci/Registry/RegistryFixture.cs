using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>A fake registry at <c>registry.test</c>, and a client whose waits cost nothing.</summary>
public abstract class RegistryFixture
{
    private HttpTransport _http = null!;

    private protected EmbeddedRegistry Fake { get; private set; } = null!;

    private protected ImpatientTime Time { get; private set; } = null!;

    private protected RecordingLog Log { get; private set; } = null!;

    private protected MappedNetwork Network { get; private set; } = null!;

    private protected TestImage Image { get; private set; } = null!;

    /// <summary>The name of <see cref="Image"/> in the fake.</summary>
    private protected ImageReference Reference => ImageReference.Parse($"{Fake.Host}/team/base:1");

    [SetUp]
    public async Task StartAsync()
    {
        Time = new ImpatientTime(TimeSpan.FromSeconds(90));
        Network = new MappedNetwork();
        Log = new RecordingLog();
        // The guards against silence never fire on this clock.
        var policy = new HttpPolicy { StallTimeout = TimeSpan.FromMinutes(5), ProbeTimeout = TimeSpan.FromMinutes(5) };
        _http = Network.CreateHttp(policy, Time, Log);
        Fake = await EmbeddedRegistry.StartAsync();
        Image = TestImage.Create(ManifestFamily.Docker, Platform.LinuxAmd64, "one", "two");
        Image.AddTo(Fake, "team/base", "1");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await Fake.DisposeAsync();
    }

    private protected RegistryClient Client(params ICredentialSource[] sources) =>
        new(_http, new CredentialChain(sources), new RegistryOptions());

    private protected Task<Image> PullAsync(params ICredentialSource[] sources) =>
        new ImagePuller(Client(sources)).PullAsync(Reference, Platform.LinuxAmd64, default);

    private protected static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        await using (stream)
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return copy.ToArray();
        }
    }

    private protected static async Task<Diagnostic> FailureAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<LayersException>(action))!.Diagnostic;
}
