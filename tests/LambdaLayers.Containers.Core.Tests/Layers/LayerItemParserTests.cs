using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers;

public sealed class LayerItemParserTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [TestCase("arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53", nameof(LayerKind.Arn))]
    [TestCase("arn:aws-cn:lambda:cn-north-1:123456789012:layer:x", nameof(LayerKind.Arn))]
    [TestCase("public.ecr.aws/datadog/lambda-extension:65", nameof(LayerKind.Image))]
    [TestCase("localhost:5000/layers/x:1", nameof(LayerKind.Image))]
    [TestCase("datadog/lambda-extension:65", nameof(LayerKind.Image))]
    [TestCase("docker://public.ecr.aws/datadog/lambda-extension", nameof(LayerKind.Image))]
    [TestCase("ghcr.io/a/b@sha256:" + Hash, nameof(LayerKind.Image))]
    [TestCase("layers/shared-lib.zip", nameof(LayerKind.Zip))]
    [TestCase("layers\\shared-lib.ZIP", nameof(LayerKind.Zip))]
    [TestCase("layers/tools/", nameof(LayerKind.Directory))]
    [TestCase("layers\\tools\\", nameof(LayerKind.Directory))]
    [TestCase("existing", nameof(LayerKind.Directory))]
    [TestCase("../AuditExtension/AuditExtension.csproj", nameof(LayerKind.Project))]
    [TestCase("../A/A.fsproj", nameof(LayerKind.Project))]
    [TestCase("../A/A.vbproj", nameof(LayerKind.Project))]
    public void The_kind_follows_from_the_form(string include, string kind)
    {
        _root.Folder("existing");

        var item = Parse(include);

        Assert.That(item.Kind.ToString(), Is.EqualTo(kind));
        Assert.That(item.Include, Is.EqualTo(include));
    }

    [TestCase("not-there")]
    [TestCase("folder/not-there")]
    [TestCase("public.ecr.aws/datadog/lambda-extension")]
    [TestCase("ftp://example.com/layer.zip")]
    [TestCase("what is this")]
    public void An_Include_that_fits_nothing_is_an_error_that_lists_the_forms(string include)
    {
        var error = Assert.Throws<LayersException>(() => Parse(include))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2001"));
        Assert.That(error.Diagnostic.Item!.Include, Is.EqualTo(include));
        Assert.That(error.Diagnostic.Item.File, Is.EqualTo("my.csproj"));
        Assert.That(error.Diagnostic.Message, Does.Contain("arn:aws:lambda").And.Contain(".zip").And.Contain("Kind="));
    }

    [Test]
    public void What_a_command_fills_is_a_folder_that_need_not_be_there()
    {
        var item = Parse("python-packages", ("BuildCommand", "pip install"), ("BuildInputs", "requirements.txt"));

        Assert.That(item.Kind, Is.EqualTo(LayerKind.Directory));
        Assert.That(item.BuildCommand, Is.EqualTo("pip install"));
        Assert.That(item.BuildInputs, Is.EqualTo("requirements.txt"));
    }

    [TestCase("layer.zip", "BuildCommand", "LLC2410")]
    [TestCase("../A/A.csproj", "BuildCommand", "LLC2410")]
    [TestCase("layers/tools/", "BuildInputs", "LLC2414")]
    public void Build_metadata_where_they_mean_nothing_are_errors(string include, string metadata, string code)
    {
        var error = Assert.Throws<LayersException>(() => Parse(include, (metadata, "x")))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    [Test]
    public void Kind_overrides_the_guess()
    {
        Assert.That(Parse("layer.bin", ("Kind", "zip")).Kind, Is.EqualTo(LayerKind.Zip));
        Assert.That(Parse("strange.zip", ("Kind", "Directory")).Kind, Is.EqualTo(LayerKind.Directory));
    }

    [TestCase("Kind", "Tarball", "LLC2002")]
    [TestCase("Kind", "1", "LLC2002")]
    [TestCase("TargetPath", "opt", "LLC2003")]
    [TestCase("TargetPath", "/", "LLC2003")]
    [TestCase("TargetPath", "/opt/../etc", "LLC2003")]
    [TestCase("TargetPath", "C:\\opt", "LLC2003")]
    [TestCase("SourcePath", "opt", "LLC2003")]
    [TestCase("Sha256", "abc", "LLC2004")]
    [TestCase("Architecture", "mips", "LLC2005")]
    public void Metadata_that_cannot_be_meant_is_refused(string name, string value, string code)
    {
        var error = Assert.Throws<LayersException>(() => Parse("a.zip", (name, value)))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.StartWith("LambdaLayer 'a.zip': "));
        Assert.That(error.Message, Does.Contain(value));
    }

    [Test]
    public void Metadata_is_read_and_normalised()
    {
        var item = Parse("a.zip", ("TargetPath", "/opt//tools/"), ("SourcePath", "/srv"), ("Architecture", "x86_64"),
            ("Sha256", Hash.ToUpperInvariant()), ("Region", "eu-west-1"), ("Profile", "build"));

        Assert.That(item.TargetPath, Is.EqualTo("/opt/tools"));
        Assert.That(item.SourcePath, Is.EqualTo("/srv"));
        Assert.That(item.OnlyFor, Is.EqualTo(Platform.LinuxAmd64));
        Assert.That(item.Sha256!.Hex, Is.EqualTo(Hash));
        Assert.That((item.Region, item.Profile), Is.EqualTo(("eu-west-1", "build")));
    }

    [Test]
    public void Sha256_takes_the_base64_form_of_Lambda_too()
    {
        var item = Parse("a.zip", ("Sha256", Convert.ToBase64String(Convert.FromHexString(Hash))));

        Assert.That(item.Sha256!.Hex, Is.EqualTo(Hash));
    }

    [Test]
    public void Without_metadata_a_layer_goes_to_opt_in_every_architecture()
    {
        var item = Parse("a.zip");

        Assert.That((item.TargetPath, item.SourcePath, item.OnlyFor), Is.EqualTo(("/opt", "/opt", (Platform?)null)));
    }

    [Test]
    public void A_zip_from_the_web_must_say_its_hash_and_the_error_keeps_the_query_to_itself()
    {
        var error = Assert.Throws<LayersException>(() => Parse("https://example.com/l.zip?token=secret"))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2006"));
        Assert.That(error.Diagnostic.Message, Does.Not.Contain("secret"));
    }

    [Test]
    public void What_goes_into_the_image_never_names_a_folder_of_this_machine()
    {
        Assert.That(Parse("layers/tools/").PortableName, Is.EqualTo("layers/tools"));
        Assert.That(Parse("../shared/lib.zip").PortableName, Is.EqualTo("../shared/lib.zip"));
        Assert.That(Parse(_root.File("inside.zip")).PortableName, Is.EqualTo("inside.zip"));
        Assert.That(Parse("/somewhere/else/lib.zip").PortableName, Is.EqualTo("lib.zip"));
        Assert.That(Parse("../../far/lib.zip").PortableName, Is.EqualTo("lib.zip"));
    }

    private LayerItem Parse(string include, params (string Name, string Value)[] metadata) =>
        LayerItemParser.Parse(
            new ItemOrigin(include, "my.csproj"), _root.Path,
            name => metadata.FirstOrDefault(m => m.Name == name).Value ?? "");
}
