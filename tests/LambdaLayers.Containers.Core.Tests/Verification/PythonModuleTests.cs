using LambdaLayers.Containers.Core.Verification.Languages;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Python's lines and strings, as far as a module's names depend on them.</summary>
public sealed class PythonModuleTests
{
    [TestCase("a = 1 # b = 2\nc = 3", "a c")]
    [TestCase("a = 1 # no line end", "a")]
    [TestCase("# only a comment", "")]
    [TestCase("a = 1 + \\\n  2\nb = 1", "a b")]
    [TestCase("a = 1 + \\\r\n  2\r\nb = 1\r\n", "a b")]
    [TestCase("a = 1 + \\\r  2\nb = 1", "a b")]
    [TestCase("a \\\n= 1", "a")]
    [TestCase("a = 1 \\", "a")]
    [TestCase("a = 1 \\\r", "a")]
    [TestCase("a = b'\\''; c = 1", "a c")]
    [TestCase("a = 'b\nc = 1", "a c")]
    [TestCase("a = '''b = 1\nc = 2'''\nd = 3", "a d")]
    [TestCase("a = '''it's b'''\nd = 3", "a d")]
    [TestCase("a = \"it's\"\nb = 1", "a b")]
    [TestCase("a = ''\nb = \"\"\nc = 1", "a b c")]
    [TestCase("a = '''never ends\nb = 1", "a")]
    [TestCase("a = 'never ends", "a")]
    [TestCase("f'{x}'\na = 1", "a")]
    [TestCase("a = [\n  'b',\n  c\n]\nd = 1", "a d")]
    [TestCase("a = {(1, 2): 3}\nb = 1", "a b")]
    [TestCase("if x:\n\ta = 1\n        b = 2", "a b")]
    [TestCase("def f():\n\ta = 1\n        b = 2\nc = 1", "f c")]
    [TestCase("\ufeffdef f():\n  a = 1", "f")]
    [TestCase("def f(): pass\n\n\nclass C:\n  a = 1\nb = 1", "f C b")]
    [TestCase("for a in b: pass", "a")]
    [TestCase("if (a := 1): pass", "a")]
    [TestCase("import a.b, c as d", "a d")]
    [TestCase("from a import (b, c as d)", "b d")]
    [TestCase("f(a=1)\n", "")]
    [TestCase("a += 1", "a")]
    [TestCase("a == 1", "")]
    public void A_module_has_these_names(string source, string names) =>
        Assert.That(string.Join(' ', PythonModule.Names(source)!), Is.EqualTo(names));

    [TestCase("exec(code)")]
    [TestCase("vars()['a'] = 1")]
    [TestCase("sys.modules[__name__] = x")]
    [TestCase("def __getattr__(name): pass")]
    [TestCase("from a import (*)")]
    public void Names_that_the_text_does_not_show_are_nobodys_guess(string source) =>
        Assert.That(PythonModule.Names(source), Is.Null);
}
