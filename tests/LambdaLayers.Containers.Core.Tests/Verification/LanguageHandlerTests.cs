using LambdaLayers.Containers.Core.Verification.Languages;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Handlers as each runtime splits them into a file and a name.</summary>
public sealed class LanguageHandlerTests
{
    [TestCase("python", "a.b", "b", "/r/a.py", "/r/a/__init__.py", "/r/a.*", "/opt/python/a.py", "/opt/python/a/__init__.py", "/opt/python/a.*")]
    [TestCase("nodejs", "a.b", "b", "/r/a.js", "/r/a.mjs", "/r/a.cjs", "/r/a")]
    [TestCase("nodejs", "x.y/a.b.c", "b", "/r/x.y/a.js", "/r/x.y/a.mjs", "/r/x.y/a.cjs", "/r/x.y/a")]
    [TestCase("nodejs", "/opt/nodejs/a.b", "b", "/opt/nodejs/a.js", "/opt/nodejs/a.mjs", "/opt/nodejs/a.cjs", "/opt/nodejs/a")]
    [TestCase("ruby", "a.b", null, "/r/a.rb", "/opt/ruby/lib/a.rb")]
    [TestCase("ruby", "x.y/a.B.c", null, "/r/x.y/a.rb", "/opt/ruby/lib/x.y/a.rb")]
    [TestCase("java", "a.b.C::d", null, "/r/a/b/C.class")]
    [TestCase("java", "C", null, "/r/C.class")]
    public void A_handler_is_a_file_and_perhaps_a_name(string family, string handler, string? name, params string[] files)
    {
        var read = LanguageHandler.Read(family, handler, "/r")!;

        Assert.That(read.Family, Is.EqualTo(family));
        Assert.That(read.Name, Is.EqualTo(name));
        Assert.That(read.Files, Is.EqualTo(files));
    }

    [TestCase("python", "a")]
    [TestCase("python", "a.")]
    [TestCase("python", ".b")]
    [TestCase("nodejs", "a")]
    [TestCase("nodejs", "a.")]
    [TestCase("nodejs", ".b")]
    [TestCase("nodejs", "x.y/a")]
    [TestCase("nodejs", "x/.b")]
    [TestCase("ruby", "a")]
    [TestCase("ruby", "a.")]
    [TestCase("ruby", ".b")]
    [TestCase("ruby", "x/.b")]
    [TestCase("java", "")]
    [TestCase("java", "::handle")]
    [TestCase("java", "a/b.C")]
    [TestCase("dotnet", "a.b")]
    public void What_is_no_handler_is_not_read(string family, string handler) =>
        Assert.That(LanguageHandler.Read(family, handler, "/r"), Is.Null);
}
