using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

public sealed class RepositorySettingsTests
{
    internal static RepositorySettings Parse(params (string Name, string Value)[] properties) => RepositorySettings.Parse(
        name => properties.FirstOrDefault(x => x.Name == name).Value ?? "");

    [TestCase("EcrImageTagMutability", "no", "LLC2152")]
    [TestCase("EcrEncryptionType", "ROT13", "LLC2152")]
    [TestCase("EcrCreateRepository", "1", "LLC2150")]
    [TestCase("EcrRepositoryTags", "shop", "LLC2153")]
    public void What_cannot_be_meant_is_named(string property, string value, string code)
    {
        var error = Assert.Throws<LayersException>(() => Parse((property, value)))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    [Test]
    public void A_key_with_encryption_that_uses_none_is_a_contradiction()
    {
        var error = Assert.Throws<LayersException>(() => Parse(("EcrKmsKey", "k"), ("EcrEncryptionType", "AES256")))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2154"));
    }
}
