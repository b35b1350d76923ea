using System.Security.Cryptography;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>
/// What cannot become an image is refused with one error that names the item, and nothing of it is left; an archive of an
/// earlier publish stays as it was.
/// </summary>
public sealed class BadInputStories
{
    private DotnetSandbox _sandbox = null!;

    private EmbeddedRegistry _registry = null!;

    private string _project = "";

    private byte[] _goodArchive = [];

    private string Archive => _sandbox.File("out", "image.tar.gz");

    private static IEnumerable<TestCaseData<string, string>> Zips()
    {
        static TestCaseData<string, string> Case(string name, string code) => new(name, code);

        yield return Case("missing.zip", "LLC3000");
        yield return Case("folder.zip", "LLC3001");
        yield return Case("truncated.zip", "LLC3005");
        yield return Case("text.zip", "LLC3004");
        yield return Case("parent.zip", "LLC3052");
        yield return Case("absolute.zip", "LLC3050");
        yield return Case("below-link.zip", "LLC3058");
        yield return Case("encrypted.zip", "LLC3010");
        yield return Case("size.zip", "LLC3014");
        yield return Case("checksum.zip", "LLC3015");
        yield return Case("what is this", "LLC2001");
    }

    /// <summary>One good publish; the cases then only make the image again, which takes no compiler.</summary>
    [OneTimeSetUp]
    public async Task PublishWell()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        using var pusher = new RegistryPusher(_registry.Uncounted);
        await pusher.PushIndexAsync("arm", "1", SyntheticBase.Plain("arm64"));
        WriteBadZips();
        _sandbox.WriteZip("Fn", "good.zip", "hello.txt", "hello");
        _project = await new FunctionProject { Items = """<LambdaLayer Include="$(Layer)" />""" }.WriteBuiltAsync(_sandbox);
        await _sandbox.MakeImageAsync(_project, "-p:Layer=good.zip", $"-p:ContainerArchiveOutputPath={Archive}");
        _goodArchive = SHA256.HashData(await File.ReadAllBytesAsync(Archive));
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    [TestCaseSource(nameof(Zips))]
    public async Task A_layer_that_cannot_be_one_is_one_error_and_no_image(string include, string code)
    {
        var result = await MakeImageAsync($"-p:Layer={include}");

        AssertRefused(result, code);
        Assert.That(BuildLog.Of(result).Errors.Single().Text, Does.StartWith($"LambdaLayer '{include}': "));
        Assert.That(BuildLog.Of(result).Errors.Single().File, Is.EqualTo(_project));
    }

    [Test]
    public async Task A_base_image_that_cannot_be_reached_is_one_error_and_no_image()
    {
        var result = await MakeImageAsync("-p:Layer=good.zip", "-p:ContainerBaseImage=localhost:9/lambda/dotnet:10");

        AssertRefused(result, "LLC1000");
        Assert.That(BuildLog.Of(result).Errors.Single().Text, Does.Contain("localhost:9"));
    }

    [Test]
    public async Task A_base_image_without_the_wanted_architecture_is_one_error_and_no_image()
    {
        var result = await MakeImageAsync("-p:Layer=good.zip", $"-p:ContainerBaseImage={_registry.Host}/arm:1");

        AssertRefused(result, "LLC1007");
        Assert.That(BuildLog.Of(result).Errors.Single().Text, Does.Contain("amd64").And.Contain("arm64"));
    }

    [Test]
    public async Task Nothing_reaches_a_registry_when_a_layer_is_refused()
    {
        _registry.Clear();

        var result = await _sandbox.PublishAsync(
            _project, "--no-build", "-t:PublishContainer", "-p:Layer=parent.zip", $"-p:ContainerRegistry={_registry.Host}");

        AssertRefused(result, "LLC3052");
        Assert.That(_registry.Requests.Where(request => request.Method is not ("GET" or "HEAD")), Is.Empty);
    }

    private Task<DotnetResult> MakeImageAsync(params string[] arguments) => _sandbox.PublishAsync(
        _project, ["--no-build", "-t:PublishContainer", $"-p:ContainerArchiveOutputPath={Archive}", .. arguments]);

    private void AssertRefused(DotnetResult result, string code)
    {
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(BuildLog.Of(result).Errors.Select(error => error.Code), Is.EqualTo(new[] { code }), result.Output);
            Assert.That(result.Output, Does.Contain($"error {code}: ").And.Not.Contain("   at "), "no stack trace");
            Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.Zero);
            Assert.That(SHA256.HashData(File.ReadAllBytes(Archive)), Is.EqualTo(_goodArchive), "the earlier archive");
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(Archive)!), Has.Length.EqualTo(1), "files left beside it");
        });
    }

    private void WriteBadZips()
    {
        var good = new ZipBuilder().File("a/file.txt", new string('x', 2000)).Build();
        Write("truncated.zip", good[..^30]);
        Write("text.zip", "This is not a zip, whatever its name says."u8.ToArray());
        Write("parent.zip", new ZipBuilder().File("ok.txt").File("../../etc/passwd", "root").Build());
        Write("absolute.zip", new ZipBuilder().File("/etc/passwd", "root").Build());
        Write("below-link.zip", new ZipBuilder().Link("lib", "/etc").File("lib/passwd", "root").Build());
        Write("encrypted.zip", new ZipBuilder().Add(new ZipItem("secret.txt") { Content = [1, 2, 3], Flags = 1 }).Build());
        Write("size.zip", new ZipBuilder().Add(new ZipItem("big.txt") { Content = new byte[100], Size = 50 }).Build());
        Write("checksum.zip", new ZipBuilder().Add(new ZipItem("file.txt") { Content = new byte[100], Crc = 1 }).Build());
        Directory.CreateDirectory(_sandbox.File("src", "Fn", "folder.zip"));
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(_sandbox.File("src", "Fn", name), bytes);
}
