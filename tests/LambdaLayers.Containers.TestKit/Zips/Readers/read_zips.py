"""Reads all zips of a folder with one reader, and prints what it found as one line of JSON for each.

read_zips.py python|unzip|bsdtar|bsdtar-stream|7z FOLDER
Files and links are named with the SHA-256 of their content or target; a reader that refuses the zip gives its error.
"""
import hashlib, json, os, shutil, subprocess, sys, tempfile, zipfile

EXTRACT = {
    'unzip': lambda zip, out: ['unzip', '-qq', '-o', zip, '-d', out],
    'bsdtar': lambda zip, out: ['bsdtar', '-xf', zip, '-C', out],
    'bsdtar-stream': lambda zip, out: ['bsdtar', '-xf', '-', '-C', out],
    '7z': lambda zip, out: ['7z', 'x', '-y', '-bd', '-o' + out, zip],
}
WARNINGS = {'unzip': (0, 1), '7z': (0, 1)}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def shown(name):
    return name.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')


def tree(root):
    files = {}
    for folder, folders, names in os.walk(root):
        for name in names + [f for f in folders if os.path.islink(os.path.join(folder, f))]:
            path = os.path.join(folder, name)
            link = os.path.islink(path)
            data = os.fsencode(os.readlink(path)) if link else open(path, 'rb').read()
            files[shown(os.path.relpath(path, root))] = ('l' if link else 'f') + digest(data)
    return files


def with_program(reader, zip):
    out = tempfile.mkdtemp(dir='/dev/shm' if os.path.isdir('/dev/shm') else None)
    try:
        run = subprocess.run(
            EXTRACT[reader](zip, out), stdin=open(zip, 'rb') if reader == 'bsdtar-stream' else subprocess.DEVNULL,
            capture_output=True, timeout=20, env=dict(os.environ, LC_ALL='C.UTF-8'))
        if run.returncode not in WARNINGS.get(reader, (0,)):
            raise ValueError(f'exit code {run.returncode}')
        subprocess.run(['chmod', '-R', 'u+rwX', out], check=True) if os.geteuid() else None
        return tree(out)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def with_python(zip):
    files = {}
    with zipfile.ZipFile(zip) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                files[shown(info.filename)] = '?' + digest(archive.read(info))
    return files


def main(reader, folder):
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.zip'):
            continue
        path = os.path.join(folder, name)
        line = {'zip': name}
        try:
            line['files'] = with_python(path) if reader == 'python' else with_program(reader, path)
        except Exception as e:  # whatever a reader says: it refuses
            line['error'] = f'{type(e).__name__}: {e}'
        print(json.dumps(line))


main(sys.argv[1], sys.argv[2])
