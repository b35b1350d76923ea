namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// How much is taken from outside: zips, folders, images, registries, servers. The one place for these numbers. Each is
/// well above what is seen in practice, and together they keep any input of up to 10 MB within 256 MB of memory and 20
/// seconds, whatever it says about itself.
/// </summary>
internal sealed record Limits
{
    public static readonly Limits Default = new();

    /// <summary>NAME_MAX of Linux's filesystems: bytes of UTF-8 in one segment of a name.</summary>
    public const int SegmentBytes = 255;

    /// <summary>PATH_MAX of Linux without the closing NUL: bytes of UTF-8 in a path or a link's target.</summary>
    public const int PathBytes = 4095;

    // One layer: a zip, a folder, what is taken out of an image.

    /// <summary>
    /// Entries of one layer, with the folders that are made because it leaves them out. The largest layers seen have
    /// some 50,000; each entry costs about 500 bytes of memory.
    /// </summary>
    public int Entries { get; init; } = 200_000;

    /// <summary>
    /// Folders above an entry. node_modules, the deepest real trees, reach some 30; and each level that a layer leaves out
    /// becomes an entry with a path of its own, so that depth multiplies what one name costs.
    /// </summary>
    public int Depth { get; init; } = 200;

    /// <summary>
    /// Bytes of all names and link targets of a layer or image together; they are held in memory more than once. 200,000
    /// entries with names of 120 bytes.
    /// </summary>
    public int NameBytes { get; init; } = 24 << 20;

    /// <summary>
    /// Bytes of all files of a layer: Lambda's limit for a whole image, uncompressed, 10 GB
    /// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    /// </summary>
    public long UnpackedBytes { get; init; } = 10L << 30;

    /// <summary>
    /// How many times its compressed size a layer or image may unpack to, beyond <see cref="FreelyUnpackedBytes"/>. Real
    /// ones reach 10, deflate can reach 1,032, and time goes by unpacked bytes.
    /// </summary>
    public int Expansion { get; init; } = 100;

    /// <summary>Bytes that a layer or image may unpack to, however small it is: some seconds of work.</summary>
    public long FreelyUnpackedBytes { get; init; } = 1L << 30;

    // An image that a layer is taken from, which may be one that Lambda would not take.

    /// <summary>
    /// Entries of all its layers, with the folders made for them. Conda's images have some 150,000; each costs about 250
    /// bytes of memory.
    /// </summary>
    public int ImageEntries { get; init; } = 500_000;

    /// <summary>Bytes of all its layers, unpacked. The largest public ones (CUDA, models) have some 30 GB.</summary>
    public long ImageUnpackedBytes { get; init; } = 64L << 30;

    /// <summary>Bytes of all its layers as they are downloaded, by the sizes in its manifest.</summary>
    public long ImageBytes { get; init; } = 32L << 30;

    /// <summary>
    /// Steps from name to name while all its paths are followed, through symbolic links too: 500,000 paths of 12 segments
    /// take 6 million.
    /// </summary>
    public int ImageSteps { get; init; } = 20_000_000;

    // Images and the documents that describe them.

    /// <summary>
    /// Bytes of a manifest or index; registries must take 4 MiB and refuse more (distribution spec, "Pushing
    /// Manifests").
    /// </summary>
    public int ManifestBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of an image configuration.</summary>
    public int ConfigBytes { get; init; } = 4 << 20;

    /// <summary>Entries of an index.</summary>
    public int IndexEntries { get; init; } = 1024;

    /// <summary>Layers of an image that is read.</summary>
    public int Layers { get; init; } = 512;

    /// <summary>
    /// Layers of an image that is published: what docker takes (maxLayerDepth in
    /// https://github.com/moby/moby/blob/v27.5.1/layer/layer_store.go). A limit of Lambda's own is not known.
    /// </summary>
    public int PublishedLayers { get; init; } = 125;

    /// <summary>Nesting of JSON.</summary>
    public int JsonDepth { get; init; } = 32;

    /// <summary>Bytes of one blob: Lambda's limit for a whole uncompressed image.</summary>
    public long BlobBytes { get; init; } = 10L << 30;

    // Servers.

    /// <summary>Bytes of a token service's response.</summary>
    public int TokenBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of an error response that are looked at.</summary>
    public int ErrorBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of a response's headers; presigned addresses in Location have some 2,000.</summary>
    public int HeaderBytes { get; init; } = 64 << 10;

    /// <summary>Redirects of one request. Registries and their storage take one or two.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>How long a transfer may make no progress, or less than <see cref="MinimumRate"/>.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes a second that count as progress, over <see cref="Stall"/>: far below any network that builds work on, and
    /// enough that a server which sends a byte now and then cannot hold one up.
    /// </summary>
    public int MinimumRate { get; init; } = 1024;
}
