using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>
/// LLC2180 to LLC2189, LLC5020: what VerifyLambdaImage is asked for, and its report. What is wrong with an image is
/// in the rules.
/// </summary>
internal static class VerificationErrors
{
    public static LayersException NoImage() => new(
        "LLC2180",
        "VerifyLambdaImage needs an image: -p:LambdaImage=123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:1.2.0 "
            + "for one in a "
        + "registry, or -p:LambdaImage=orders.tar for an archive.");

    public static LayersException NotAnImage(string name) => new(
        "LLC2181",
        $"LambdaImage is '{DisplayText.Name(name)}', which is neither an image's reference with tag or digest nor an "
            + "archive or folder "
        + "that is there. Write -p:LambdaImage=host/repository:tag, or the path of an archive.");

    public static LayersException NotACode(string property, string text) => new(
        "LLC2182",
        $"{property} holds '{DisplayText.Name(text)}', which is no code of a rule. Write codes with semicolons "
            + "between, such as "
        + $"{property}=LLC3511;LLC3521, or all.");

    public static LayersException CannotWriteReport(string path, Exception inner) => new(
        "LLC5020", $"The report '{path}' cannot be written: {inner.Message} Set LambdaVerifyReport to a file that "
            + "this user can write.", inner);
}
