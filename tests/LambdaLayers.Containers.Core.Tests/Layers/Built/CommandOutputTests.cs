using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class CommandOutputTests
{
    private static readonly Digest Key = Digest.Of("key"u8);

    private TempRoot _root = null!;

    private BuiltLayerFolder Folder => new(Path.Combine(_root.Path, "tools-1", "amd64"));

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void What_a_succeeded_command_made_takes_the_place_of_all_that_was_there()
    {
        Run("old.txt");

        Run("new.txt");

        Assert.That(Output(), Is.EqualTo(new[] { "new.txt" }));
        Assert.That(CommandOutput.IsUpToDate(Folder, Key), Is.True);
        Assert.That(Directory.Exists(Folder.Unfinished), Is.False);
    }

    [Test]
    public void Another_key_or_none_is_not_up_to_date()
    {
        Run("a.txt");

        Assert.That(CommandOutput.IsUpToDate(Folder, Digest.Of("other"u8)), Is.False);
        Assert.That(CommandOutput.IsUpToDate(Folder, null), Is.False);
    }

    [Test]
    public void A_failed_command_leaves_the_old_output_and_says_why()
    {
        Run("old.txt");
        CommandOutput.Prepare(Folder);
        File.WriteAllText(Path.Combine(Folder.Unfinished, "half.txt"), "");

        var error = Assert.Throws<LayersException>(
            () => CommandOutput.Finish(Folder, Digest.Of("2"u8), 3, ["zero", "one", "two", "no such package", ""]))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2412"));
        Assert.That(error.Message, Does.Contain("exit code 3: one | two | no such package"));
        Assert.That(Output(), Is.EqualTo(new[] { "old.txt" }));
        Assert.That(CommandOutput.IsUpToDate(Folder, Key), Is.True);
    }

    [Test]
    public void A_command_starts_with_an_empty_folder_whatever_a_cancelled_one_left()
    {
        CommandOutput.Prepare(Folder);
        File.WriteAllText(Path.Combine(Folder.Unfinished, "half.txt"), "");

        CommandOutput.Prepare(Folder);

        Assert.That(Directory.EnumerateFileSystemEntries(Folder.Unfinished), Is.Empty);
    }

    [Test]
    public void A_command_that_makes_nothing_is_an_error()
    {
        CommandOutput.Prepare(Folder);
        Directory.CreateDirectory(Path.Combine(Folder.Unfinished, "empty"));

        var error = Assert.Throws<LayersException>(() => CommandOutput.Finish(Folder, Key, 0, []))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2413"));
        Assert.That(Directory.Exists(Folder.Output), Is.False);
    }

    [Test]
    public void Without_a_key_nothing_is_up_to_date_afterwards()
    {
        Run("a.txt");
        CommandOutput.Prepare(Folder);
        File.WriteAllText(Path.Combine(Folder.Unfinished, "b.txt"), "");

        CommandOutput.Finish(Folder, null, 0, []);

        Assert.That(CommandOutput.IsUpToDate(Folder, Key), Is.False);
        Assert.That(Output(), Is.EqualTo(new[] { "b.txt" }));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [CancelAfter(20_000)]
    public void Links_that_lead_round_and_round_are_something_that_a_command_made()
    {
        CommandOutput.Prepare(Folder);
        foreach (var name in new[] { "one", "two", "three" })
            Directory.CreateSymbolicLink(Path.Combine(Folder.Unfinished, name), ".");

        CommandOutput.Finish(Folder, Key, 0, []);

        Assert.That(Directory.EnumerateFileSystemEntries(Folder.Output).Count(), Is.EqualTo(3));
    }

    private void Run(string file)
    {
        CommandOutput.Prepare(Folder);
        File.WriteAllText(Path.Combine(Folder.Unfinished, file), "");
        CommandOutput.Finish(Folder, Key, 0, []);
    }

    private IEnumerable<string> Output() => Directory.EnumerateFiles(Folder.Output).Select(f => Path.GetFileName(f));
}
