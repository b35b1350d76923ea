using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Verification.Inspection;

/// <summary>What an ELF file needs to be started or loaded.</summary>
/// <param name="Machine"><c>x64</c>, <c>arm64</c>, <c>elf-N</c> for others.</param>
internal sealed record ElfFile(string Machine)
{
    /// <summary>
    /// The loader that the kernel starts for a program (PT_INTERP); null for a library or a static program.
    /// </summary>
    public string? Loader { get; init; }

    /// <summary>Names of the libraries that the loader looks for (DT_NEEDED).</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary>
    /// Folders in which the file wants them looked for, before (DT_RPATH) or after (DT_RUNPATH) LD_LIBRARY_PATH.
    /// </summary>
    public IReadOnlyList<string> SearchPath { get; init; } = [];

    /// <summary>
    /// Reads as much of a file as is there (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html); null for
    /// a file that is not ELF. What lies beyond <paramref name="file"/>, or does not make sense, is left out.
    /// </summary>
    public static ElfFile? Parse(ReadOnlySpan<byte> file)
    {
        const int IdentLength = 20;
        if (file.Length < IdentLength || !file.StartsWith("\u007fELF"u8))
            return null;
        // Lambda's machines are 64-bit little-endian; of others the machine is all that matters.
        var bigEndian = file[5] == 2;
        var number = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(file[18..])
            : BinaryPrimitives.ReadUInt16LittleEndian(file[18..]);
        var elf = new ElfFile(number switch
        {
            62 => Platform.LinuxAmd64.DotnetArchitecture,
            183 => Platform.LinuxArm64.DotnetArchitecture,
            _ => string.Create(CultureInfo.InvariantCulture, $"elf-{number}"),
        });
        return file[4] == 2 && !bigEndian && file.Length >= 64 ? new Reader(file).Complete(elf) : elf;
    }

    /// <summary>The 64-bit little-endian tables of one file.</summary>
    private readonly ref struct Reader
    {
        private const uint Load = 1;
        private const uint Dynamic = 2;
        private const uint Interpreter = 3;
        private const int HeaderLength = 56;
        private const long Needed = 1;
        private const long StringTable = 5;
        private const long RPath = 15;
        private const long RunPath = 29;
        private const int MaximumHeaders = 256;
        private const int MaximumTags = 4096;

        private readonly ReadOnlySpan<byte> _file;
        private readonly long _headers;
        private readonly int _count;

        public Reader(ReadOnlySpan<byte> file)
        {
            _file = file;
            _headers = Number(32);
            _count = Math.Min(MaximumHeaders, (int)BinaryPrimitives.ReadUInt16LittleEndian(file[56..]));
        }

        public ElfFile Complete(ElfFile elf)
        {
            for (var i = 0; i < _count; i++)
            {
                var (type, offset, size) = Header(i);
                if (type == Interpreter)
                    elf = elf with { Loader = Text(offset, size) };
                else if (type == Dynamic)
                    elf = ReadDynamic(elf, offset, size);
            }

            return elf;
        }

        private ElfFile ReadDynamic(ElfFile elf, long start, long size)
        {
            var tags = new List<(long Tag, long Value)>();
            for (var at = start; at < start + size && tags.Count < MaximumTags && Has(at, 16); at += 16)
            {
                if (Number(at) == 0)
                    break;
                tags.Add((Number(at), Number(at + 8)));
            }

            if (FileOffset(tags.FirstOrDefault(t => t.Tag == StringTable).Value) is not { } strings)
                return elf;
            var (needed, folders) = (new List<string>(), new List<string>());
            foreach (var (tag, value) in tags)
            {
                if (tag is not (Needed or RPath or RunPath) || Text(strings + value,
                    long.MaxValue) is not { Length: > 0 } text)
                    continue;
                if (tag == Needed)
                    needed.Add(text);
                else
                    folders.AddRange(text.Split(':', StringSplitOptions.RemoveEmptyEntries));
            }

            return elf with { Needed = needed, SearchPath = folders };
        }

        private (uint Type, long Offset, long Size) Header(int index)
        {
            var at = _headers + (long)index * HeaderLength;
            return Has(at, HeaderLength)
                ? (BinaryPrimitives.ReadUInt32LittleEndian(_file[(int)at..]), Number(at + 8), Number(at + 32))
                : default;
        }

        // Tables are named by address; a loaded segment says where in the file that is.
        private long? FileOffset(long address)
        {
            for (var i = 0; i < _count; i++)
            {
                var (type, offset, size) = Header(i);
                if (type != Load)
                    continue;
                var start = Number(_headers + (long)i * HeaderLength + 16);
                if (address != 0 && address >= start && address - start < size)
                    return address - start + offset;
            }

            return null;
        }

        private string? Text(long at, long length)
        {
            const int Longest = 4096;
            if (!Has(at, 1) || length <= 0)
                return null;
            var rest = _file[(int)at..];
            rest = rest[..(int)Math.Min(rest.Length, Math.Min(length, Longest))];
            var end = rest.IndexOf((byte)0);
            return end < 0 ? null : Encoding.UTF8.GetString(rest[..end]);
        }

        private bool Has(long at, long length) => at >= 0 && at <= _file.Length - length;

        private long Number(long at) => Has(at, 8) ? BinaryPrimitives.ReadInt64LittleEndian(_file[(int)at..]) : 0;
    }
}
