using ICSharpCode.SharpZipLib.Checksum;

namespace ClassLibraryFunction;

/// <summary>AWS's .NET runtime makes one instance and calls the handler for each event.</summary>
public sealed class Function
{
    /// <summary>Answers with the event's checksum. Streams need no serializer package.</summary>
    public async Task<Stream> HandleAsync(Stream input)
    {
        using var content = new MemoryStream();
        await input.CopyToAsync(content);
        var checksum = new Crc32();
        checksum.Update(content.ToArray());
        var answer = new MemoryStream();
        await using (var writer = new StreamWriter(answer, leaveOpen: true))
        {
            await writer.WriteAsync($"\"{checksum.Value:x8}\"");
        }

        answer.Position = 0;
        return answer;
    }
}
