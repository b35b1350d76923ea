using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>A file that is either moved to its final place whole, or gone when disposed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _path;

    /// <summary>Creates an empty file with a unique name in <paramref name="directory"/>.</summary>
    /// <param name="directory">Is made where it is missing.</param>
    /// <param name="cannotWrite">What <see cref="Stream"/> throws where it cannot write.</param>
    public TemporaryFile(string directory, Func<IOException, LayersException> cannotWrite)
    {
        Directory.CreateDirectory(directory);
        _path = Path.Combine(directory, Path.GetRandomFileName());
        // Others may only read it once it is in place, under its final name.
        Stream = new CodedStream(_path, cannotWrite);
    }

    /// <summary>Its content, readable and writable until moved or disposed.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens what has been written so far, from the beginning; several may read at once.</summary>
    public Stream OpenRead()
    {
        Stream.Flush();
        return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, true);
    }

    /// <summary>
    /// Flushes to disk and renames; an existing file there is replaced by these same bytes. False when it stays as it is.
    /// </summary>
    public bool MoveTo(string destination)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        try
        {
            File.Move(_path, destination, overwrite: true);
            return true;
        }
        catch (Exception e) when (FileErrors.Is(e) && File.Exists(destination))
        {
            // On Windows a reader of the same blob blocks the rename. Names are digests: what is there is the same.
            return false;
        }
    }

    /// <summary>Leaves nothing behind, also when what is buffered cannot be written any more: nobody wants it.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (Exception e) when (FileErrors.Is(e) || e is LayersException)
        {
            // The handle is closed all the same.
        }

        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // SweepTemporaries finds it another day; what happened before is the better error.
        }
    }

    /// <summary>Whoever writes has an error of ours, however deep in a packer or a server the write is.</summary>
    private sealed class CodedStream(string path, Func<IOException, LayersException> cannotWrite)
        : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16, useAsync: true)
    {
        // What is buffered is written before it moves.
        public override long Position
        {
            get => base.Position;
            set => Coded(() => base.Position = value);
        }

        // In a class derived from FileStream the forms with spans and memory lead to these.
        public override void Write(byte[] buffer, int offset, int count) => Coded(() => base.Write(buffer, offset, count));

#pragma warning disable CA1835 // The other form leads back here.
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            CodedAsync(() => base.WriteAsync(buffer, offset, count, cancellationToken));
#pragma warning restore CA1835

        public override void Flush(bool flushToDisk) => Coded(() => base.Flush(flushToDisk));

        public override Task FlushAsync(CancellationToken cancellationToken) => CodedAsync(() => base.FlushAsync(cancellationToken));

        public override void SetLength(long value) => Coded(() => base.SetLength(value));

        private void Coded(Action write)
        {
            try
            {
                write();
            }
            catch (IOException e)
            {
                throw cannotWrite(e);
            }
        }

        private async Task CodedAsync(Func<Task> write)
        {
            try
            {
                await write();
            }
            catch (IOException e)
            {
                throw cannotWrite(e);
            }
        }
    }
}
