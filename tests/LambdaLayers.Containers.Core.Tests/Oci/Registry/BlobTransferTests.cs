using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

public class BlobTransferTests : RegistryFixture
{
    private byte[] _bytes = null!;
    private Descriptor _blob = null!;

    [SetUp]
    public void AddBlob()
    {
        _bytes = new byte[300_000];
        new Random(1).NextBytes(_bytes);
        _blob = new Descriptor(MediaTypes.OciLayerGzip, Fake.AddBlob(_bytes), _bytes.Length);
    }

    [Test]
    public async Task A_cut_transfer_goes_on_where_it_was_cut()
    {
        CutAfter(100_000, times: 1);

        var read = await ReadAllAsync(await Client().GetBlobAsync(Reference, _blob, default));

        Assert.That(read, Is.EqualTo(_bytes));
        var resumed = Fake.Requests[^1].Range!;
        Assert.That(int.Parse(resumed["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(1, 100_000));
    }

    [Test]
    public async Task A_server_without_ranges_is_read_again_from_the_start()
    {
        CutAfter(100_000, times: 1, ignoreRange: true);

        var read = await ReadAllAsync(await Client().GetBlobAsync(Reference, _blob, default));

        Assert.That(read, Is.EqualTo(_bytes));
    }

    [Test]
    public async Task A_transfer_that_never_gets_anywhere_ends()
    {
        CutAfter(0, times: int.MaxValue);

        var failure = await FailureAsync(async () => await ReadAllAsync(await Client().GetBlobAsync(Reference, _blob, default)));

        Assert.That(failure.Code, Is.EqualTo("LLC1019"));
    }

    [Test]
    public async Task A_range_that_was_not_asked_for_is_refused()
    {
        Fake.Interfere = async context =>
        {
            if (!IsBlob(context))
                return false;
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes 5-{_bytes.Length - 1}/{_bytes.Length}";
            await context.Response.Body.WriteAsync(_bytes.AsMemory(5));
            return true;
        };

        Assert.That((await FailureAsync(() => Client().GetBlobAsync(Reference, _blob, default))).Code, Is.EqualTo("LLC1009"));
    }

    [Test]
    public async Task Wrong_bytes_fail_before_the_last_of_them_is_handed_out()
    {
        var other = (byte[])_bytes.Clone();
        other[^1] ^= 1;
        Fake.AddLie(_blob.Digest.ToString(), other);
        using var handedOut = new MemoryStream();

        var failure = await FailureAsync(async () =>
        {
            await using var stream = await Client().GetBlobAsync(Reference, _blob, default);
            await stream.CopyToAsync(handedOut);
        });

        Assert.That(failure.Code, Is.EqualTo("LLC1008"));
        Assert.That(failure.Message, Does.Contain(_blob.Digest.ToString()).And.Contain(Digest.Of(other).ToString()));
        Assert.That(handedOut.Length, Is.LessThan(_bytes.Length));
    }

    [Test]
    public async Task A_body_of_another_length_is_refused_before_it_is_read()
    {
        Fake.AddLie(_blob.Digest.ToString(), [.. _bytes, 0]);

        var failure = await FailureAsync(() => Client().GetBlobAsync(Reference, _blob, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1009"));
        Assert.That(failure.Message, Does.Contain("300001 bytes").And.Contain("300000 bytes"));
    }

    [Test]
    public async Task A_body_without_end_is_read_no_further_than_promised()
    {
        var hungUp = new TaskCompletionSource();
        Fake.Interfere = async context =>
        {
            if (!IsBlob(context))
                return false;
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[64 << 10]);
            hungUp.SetResult();
            return true;
        };
        using var handedOut = new MemoryStream();

        var failure = await FailureAsync(async () =>
        {
            await using var stream = await Client().GetBlobAsync(Reference, _blob, default);
            await stream.CopyToAsync(handedOut);
        });

        Assert.That(failure.Code, Is.EqualTo("LLC1009"));
        Assert.That(handedOut.Length, Is.LessThan(_blob.Size));
        await hungUp.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task A_blob_that_claims_to_be_larger_than_any_image_is_not_begun()
    {
        var failure = await FailureAsync(() => Client().GetBlobAsync(Reference, _blob with { Size = long.MaxValue }, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1013"));
        Assert.That(Fake.Requests, Is.Empty);
    }

    [Test]
    public async Task A_reader_that_gives_up_ends_the_transfer()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = await Client().GetBlobAsync(Reference, _blob, default);
        await cancel.CancelAsync();

        Assert.That(async () => await stream.ReadAsync(new byte[10], cancel.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static bool IsBlob(HttpContext context) => context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);

    private void CutAfter(int bytes, int times, bool ignoreRange = false) => Fake.Interfere = async context =>
    {
        if (!IsBlob(context))
            return false;
        if (times-- <= 0)
        {
            if (ignoreRange)
                context.Request.Headers.Range = default;
            return false;
        }

        context.Response.ContentLength = _bytes.Length;
        await context.Response.Body.WriteAsync(_bytes.AsMemory(0, bytes));
        await context.Response.Body.FlushAsync();
        if (bytes > 0)
            await Task.Delay(100);
        context.Abort();
        return true;
    };
}
