using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment;

/// <summary>LLC2150 to LLC2199: properties of a push and of a deployment.</summary>
internal static class PropertyErrors
{
    public static LayersException BadFlag(string property, string value) =>
        new("LLC2150", $"{property} is '{value}'. It is true or false: <{property}>true</{property}>.");

    public static LayersException BadNumber(string property, string value, int minimum, int maximum, string unit) =>
        new("LLC2151", $"{property} is '{value}'. It is a number of {unit} from {minimum} to {maximum}: "
            + $"<{property}>{minimum}</{property}>.");

    public static LayersException BadChoice(string property, string value, IReadOnlyList<string> values) =>
        new("LLC2152", $"{property} is '{value}'. It is one of {string.Join(", ", values)}: "
            + $"<{property}>{values[0]}</{property}>.");

    public static LayersException BadPair(string property, string value) =>
        new("LLC2153", $"A part of {property} has no name and equals sign{Shown(value)}. Write NAME=value, with a semicolon between "
            + $"two of them: <{property}>STAGE=prod;TEAM=shop</{property}>. A variable whose value has a semicolon is an item: "
            + "<LambdaEnvironmentVariable Include=\"NAME\" Value=\"a;b\" />.");

    public static LayersException KmsKeyWithoutKms() =>
        new("LLC2154", "EcrKmsKey needs encryption with KMS, but EcrEncryptionType is AES256. "
            + "Write <EcrEncryptionType>KMS</EcrEncryptionType>, or remove EcrKmsKey.");

    public static LayersException BadFunctionName(string value) =>
        new("LLC2155", $"LambdaFunctionName is '{value}'. It is a name of up to 64 letters, digits, '-' and '_', or a function's "
            + "ARN without version or alias: <LambdaFunctionName>my-function</LambdaFunctionName>.");

    public static LayersException RoleMissing(string function) =>
        new("LLC2156", $"The function '{function}' does not exist yet, and a new one needs a role to run as. Set "
            + "<LambdaFunctionRole>arn:aws:iam::123456789012:role/my-function</LambdaFunctionRole>. The role trusts "
            + "lambda.amazonaws.com and has the policy AWSLambdaBasicExecutionRole.");

    public static LayersException BadRole(string value) =>
        new("LLC2157", $"LambdaFunctionRole is '{value}'. It is the ARN of an IAM role: "
            + "<LambdaFunctionRole>arn:aws:iam::123456789012:role/my-function</LambdaFunctionRole>.");

    public static LayersException ArchitectureAmbiguous(string function, IReadOnlyList<string> architectures) =>
        new("LLC2158", $"The publish made images for {string.Join(" and ", architectures)}, and the function '{function}' runs one. "
            + "Say which: <LambdaArchitecture>arm64</LambdaArchitecture>. Lambda does not take an image index.");

    public static LayersException ArchitectureNotPublished(string wanted, IReadOnlyList<string> architectures) =>
        new("LLC2159", $"LambdaArchitecture is {wanted}, but the publish made an image for {string.Join(" and ", architectures)}. "
            + $"Publish for it: <RuntimeIdentifier>linux-{(wanted == "arm64" ? "arm64" : "x64")}</RuntimeIdentifier>.");

    public static LayersException VpcIncomplete() =>
        new("LLC2160", "LambdaSubnets and LambdaSecurityGroups belong together: a function in a VPC needs both. "
            + "Write <LambdaSubnets>subnet-1;subnet-2</LambdaSubnets> <LambdaSecurityGroups>sg-1</LambdaSecurityGroups>.");

    public static LayersException ReservedVariable(string name) =>
        new("LLC2161", $"The variable '{name}' belongs to Lambda and cannot be set. Remove it from LambdaEnvironment. "
            + "The list: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html.");

    public static LayersException EnvironmentTooLarge(int bytes) =>
        new("LLC2162", $"The environment variables take {bytes} bytes; Lambda allows 4096 for all of them together. "
            + "Move long values into Parameter Store, Secrets Manager or AppConfig.");

    public static LayersException NothingToDeploy() =>
        new("LLC2163", "LambdaFunctionName is set, but no image was pushed. Set ContainerRegistry to the ECR registry of the "
            + "function's region: -p:ContainerRegistry=123456789012.dkr.ecr.us-east-1.amazonaws.com.");

    public static LayersException BadVariableName(string name) =>
        new("LLC2164", $"'{name}' is no name for an environment variable of a function: it begins with a letter and has at least two "
            + "letters, digits or '_'.");

    // A value may be a secret that lost its name: show only what cannot be one.
    private static string Shown(string value) =>
        value.Length is > 0 and < 32 && value.All(char.IsAsciiLetterUpper) ? $" ('{value}')" : "";
}
