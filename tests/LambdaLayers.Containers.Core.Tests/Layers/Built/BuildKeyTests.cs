using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class BuildKeyTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task The_same_command_architecture_and_inputs_have_the_same_key()
    {
        var input = _root.Write("in.txt", "1");

        var first = await KeyAsync("make", [input]);
        File.SetLastWriteTimeUtc(input, DateTime.UnixEpoch);
        var second = await KeyAsync("make", [input, input]);

        Assert.That(second, Is.EqualTo(first).And.Not.Null);
    }

    [Test]
    public async Task Another_command_architecture_name_or_content_has_another_key()
    {
        var input = _root.Write("in.txt", "1");
        var other = _root.Write("other.txt", "1");
        Digest?[] keys =
        [
            await KeyAsync("make", [input]),
            await KeyAsync("make all", [input]),
            await KeyAsync("make", [other]),
            await KeyAsync("make", [input, other]),
            await KeyAsync("make", [input], Platform.LinuxArm64),
        ];

        File.WriteAllText(input, "2");

        Assert.That(keys.Append(await KeyAsync("make", [input])), Is.Unique.And.None.Null);
    }

    [Test]
    public async Task An_input_that_is_not_there_is_an_error()
    {
        var error = await Support.Failure.OfAsync(() => KeyAsync("make", [Path.Combine(_root.Path, "requirements.txt")]));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2411"));
        Assert.That(error.Message, Does.Contain("requirements.txt"));
    }

    [Test]
    public async Task The_folder_itself_is_the_input_where_none_is_declared()
    {
        _root.Write("layer/src/a.txt", "1");
        var first = await KeyAsync("make", null);

        _root.Write("layer/src/b.txt", "1");

        Assert.That(first, Is.Not.Null);
        Assert.That(await KeyAsync("make", null), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task With_nothing_declared_and_no_folder_there_is_no_key()
    {
        Assert.That(await KeyAsync("make", null), Is.Null);
    }

    private Task<Digest?> KeyAsync(string command, string[]? inputs, Platform? platform = null)
    {
        var item = new LayerItem(new ItemOrigin("layer"), LayerKind.Directory)
        {
            ProjectDirectory = _root.Path,
            BuildDirectory = Path.Combine(_root.Path, "obj"),
            BuildCommand = command,
            BuildInputs = inputs is null ? null : "declared",
        };
        platform ??= Platform.LinuxAmd64;
        var build = new LayerBuild(item, "linux-x64", platform, BuiltLayerFolder.Of(item, platform));
        return BuildKey.OfAsync(build, inputs ?? [], CancellationToken.None);
    }
}
