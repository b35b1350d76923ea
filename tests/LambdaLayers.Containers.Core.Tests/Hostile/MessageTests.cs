using System.Reflection;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Hostile;

/// <summary>Names from outside stand in messages, and no terminal and no CI agent takes them for more than text.</summary>
public sealed class MessageTests
{
    private const string Hostile = "a\n::error::b\r\n##vso[task.setvariable variable=c]\u001b[2J##[error]\u202e\u0085d";

    private static IEnumerable<MethodInfo> Texts =>
        from type in typeof(Engine).Assembly.GetTypes()
        where type.Name.EndsWith("Errors", StringComparison.Ordinal)
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where typeof(LayersException).IsAssignableFrom(method.ReturnType) || method.ReturnType == typeof(Diagnostic)
        select method;

    [Test]
    public void A_message_with_hostile_names_is_one_line_without_commands()
    {
        var tried = 0;
        Assert.Multiple(() =>
        {
            foreach (var text in Texts)
            {
                if (TryMake(text) is not { } diagnostic)
                    continue;
                tried++;
                Expect(diagnostic.Text);
                Expect((diagnostic with { Item = new ItemOrigin(Hostile) }).Text);
            }
        });

        TestContext.Out.WriteLine($"{tried} of {Texts.Count()} messages with hostile names");
        Assert.That(tried, Is.GreaterThan(150));
    }

    [TestCase("::error::x", ":\\u003aerror:\\u003ax")]
    [TestCase("  ::error::x", "  :\\u003aerror:\\u003ax")]
    [TestCase("the handler A::B::C", "the handler A::B::C")]
    [TestCase("x ##vso[task.complete]", "x #\\u0023vso[task.complete]")]
    [TestCase("two\nlines", "two\\u000alines")]
    public void A_line_keeps_what_is_harmless(string text, string shown) => Assert.That(DisplayText.Line(text), Is.EqualTo(shown));

    // Null for a text that is made of more than names and numbers.
    private static Diagnostic? TryMake(MethodInfo text)
    {
        var arguments = text.GetParameters().Select(Argument).ToArray();
        if (arguments.Contains(null))
            return null;
        try
        {
            return text.Invoke(null, arguments) is var made && made is LayersException failure ? failure.Diagnostic : (Diagnostic?)made;
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static void Expect(string text)
    {
        Assert.That(text.Where(char.IsControl), Is.Empty, text);
        Assert.That(text, Does.Not.Contain("##vso[").And.Not.Contain("##[").And.Not.Contain("\u202e"));
        Assert.That(text.TrimStart(), Does.Not.StartWith("::"));
    }

    // Something of each type that texts are made with; null for what there is nothing of.
    private static object? Argument(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(string))
            return Hostile;
        if (type.IsAssignableFrom(typeof(IOException)))
            return new IOException(Hostile);
        if (type == typeof(Digest))
            return Digest.Of("x"u8);
        if (type.IsAssignableFrom(typeof(string[])))
            return new[] { Hostile, Hostile };
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }
}
