using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Deflate;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.Core.Packing.Tar;
using LambdaLayers.Containers.Core.Verification.Leaks;

namespace LambdaLayers.Containers.Core.Verification.Inspection;

/// <summary>
/// Reads a layer once, in constant memory: its names and modes, what its programs need, the digest of its tar, and
/// whatever secrets are in it.
/// </summary>
/// <param name="scanner">What is looked for in files' contents.</param>
internal sealed class ReadLayer(LeakScanner scanner)
{
    private const int BufferLength = 1 << 17;

    // Tables of a program lie anywhere in it; most are below this, and more is not held.
    private const int LargestElf = 32 << 20;
    private const int LongestShebang = 256; // BINPRM_BUF_SIZE of Linux
    private const int LongestCredentialFile = 1 << 16;

    /// <summary>
    /// What the layer holds; credentials of the scanner that it holds go to <paramref name="leaked"/>.
    /// </summary>
    /// <param name="layer">The blob, on this machine.</param>
    /// <param name="leaked">Takes a live credential and the index of the entry.</param>
    public async Task<LayerContent> RunAsync(
        ImageLayerBlob layer, Action<int, Leak> leaked, CancellationToken cancellationToken)
    {
        var (compression, isOneMember, size) = await ProbeAsync(layer, cancellationToken);
        var pass = new Pass(scanner, leaked);
        UnpackedStream? unpacked = null;
        string? problem = null;
        try
        {
            var limit = Math.Max(Limits.Default.FreelyUnpackedBytes, layer.Blob.Size * Limits.Default.Expansion);
            await Unpacking.ReadAsync(
                layer,
                async tar =>
                {
                    await pass.RunAsync(tar, cancellationToken);
                    return 0;
                },
                stream => unpacked = new UnpackedStream(stream, limit, limit),
                cancellationToken);
        }
        catch (UnreadableLayerException e)
        {
            problem = e.Detail;
        }
        finally
        {
            pass.Dispose();
        }

        return new LayerContent(pass.Entries)
        {
            Compression = compression,
            IsOneMember = isOneMember && (compression != LayerCompression.Gzip || problem is not null
                || size == (uint)unpacked!.Position),
            TarSize = unpacked?.Position ?? 0,
            DiffId = problem is null ? unpacked?.Digest : null,
            Problem = problem,
            Shapes = pass.Shapes,
        };
    }

    // The first bytes say how it is compressed; of gzip the last four say how long the last member is, unpacked. A
    // member of nothing in front is the one thing that cannot be told by that.
    private static async Task<(LayerCompression Compression, bool IsOneMember, uint Size)> ProbeAsync(
        ImageLayerBlob layer, CancellationToken cancellationToken)
    {
        const int Head = 1 << 12;
        const int HeaderLength = 10;
        const int TrailerLength = 8; // CRC-32 and length
        await using var blob = await layer.OpenAsync(cancellationToken);
        var head = new byte[Head];
        var length = await blob.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false, cancellationToken);
        if (head is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..])
            return (LayerCompression.Zstd, true, 0);
        if (head is not [0x1F, 0x8B, ..])
            return (LayerCompression.None, true, 0);
        var last = new byte[sizeof(uint)];
        blob.Position = Math.Max(0, blob.Length - last.Length);
        await blob.ReadAtLeastAsync(last, last.Length, throwOnEndOfStream: false, cancellationToken);
        // Only where nothing else precedes the data; what has fields is left to the length.
        var end = head[3] == 0 ? EndOfData(new MemoryStream(head, 0, length, writable: false), HeaderLength) : null;
        return (LayerCompression.Gzip, end is null || end + TrailerLength >= blob.Length,
            BinaryPrimitives.ReadUInt32LittleEndian(last));
    }

    // Null when the deflate stream goes on beyond what is here.
    private static long? EndOfData(MemoryStream beginning, int start)
    {
        beginning.Position = start;
        return new DeflateWalker().TryFindEnd(beginning, out var extent) ? start + ((extent.End + 7) >> 3) : null;
    }

    /// <summary>One reading of one layer.</summary>
    private sealed class Pass(LeakScanner scanner, Action<int, Leak> leaked) : IDisposable
    {
        private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        private readonly LeakScan _scan = scanner.Begin();
        private readonly XxHash3 _hash = new();
        private readonly ArrayBufferWriter<byte> _elf = new();

        public List<FileRecord> Entries { get; } = [];

        public List<SecretShape> Shapes { get; } = [];

        public async Task RunAsync(TarInput tar, CancellationToken cancellationToken)
        {
            while (await tar.NextAsync(cancellationToken) is { } entry)
            {
                var record = new FileRecord(entry.Type, entry.Name)
                {
                    Mode = entry.Mode,
                    Size = entry.Size,
                    Link = entry.LinkName.Length > 0 ? entry.LinkName : null,
                };
                Entries.Add(entry is { Type: TarItem.File, Size: > 0 }
                    ? await ReadContentAsync(record, tar, cancellationToken)
                    : record);
            }
        }

        public void Dispose()
        {
            _scan.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        private async Task<FileRecord> ReadContentAsync(FileRecord record, TarInput tar,
            CancellationToken cancellationToken)
        {
            var (isFirst, isElf, shebang, isCredentialFile) = (true, false, (string?)null, false);
            _hash.Reset();
            _elf.ResetWrittenCount();
            for (int read; (read = await tar.ReadHeadAsync(_buffer.AsMemory(0, BufferLength),
                cancellationToken)) > 0; isFirst = false)
            {
                var bytes = _buffer.AsMemory(0, read);
                if (isFirst)
                {
                    isElf = bytes.Span.StartsWith("\u007fELF"u8);
                    shebang = Shebang(bytes.Span);
                    isCredentialFile = SecretShapes.IsCredentialFile(
                        record.Path, bytes.Span[..Math.Min(read, LongestCredentialFile)]);
                }

                _hash.Append(bytes.Span);
                _scan.Add(bytes.Span);
                if (isElf && _elf.WrittenCount < LargestElf)
                    _elf.Write(bytes.Span);
            }

            Report(isCredentialFile, SecretShapes.IsOfPackage(record.Path));
            return record with
            {
                Hash = _hash.GetCurrentHashAsUInt64(),
                Shebang = shebang,
                Elf = isElf ? ElfFile.Parse(_elf.WrittenSpan) : null,
            };
        }

        private void Report(bool isCredentialFile, bool isOfPackage)
        {
            var leaks = _scan.End();
            if (isCredentialFile && !isOfPackage)
                Shapes.Add(new SecretShape(SecretShapes.CredentialFile, Entries.Count));
            foreach (var leak in leaks)
            {
                if (leak.Secret is not null)
                    leaked(Entries.Count, leak);
                else if (!isOfPackage && !(isCredentialFile && leak.Code == SecretShapes.CredentialFile))
                    Shapes.Add(new SecretShape(leak.Code!, Entries.Count));
            }
        }

        private static string? Shebang(ReadOnlySpan<byte> head)
        {
            if (!head.StartsWith("#!"u8))
                return null;
            var line = head[2..Math.Min(head.Length, LongestShebang)];
            var end = line.IndexOf((byte)'\n');
            return Encoding.UTF8.GetString(end < 0 ? line : line[..end]);
        }
    }
}
