// node read_zips.js yauzl|jszip FOLDER: as read_zips.py, with packages of npm.
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { promisify } = require('util');

const digest = data => '?' + crypto.createHash('sha256').update(data).digest('hex');

async function withYauzl(file) {
  const yauzl = require('yauzl');
  const zip = await promisify(yauzl.open)(file, { lazyEntries: true, autoClose: false });
  const files = {};
  try {
    await new Promise((done, fail) => {
      zip.on('error', fail);
      zip.on('end', done);
      zip.on('entry', entry => {
        if (entry.fileName.endsWith('/'))
          return zip.readEntry();
        zip.openReadStream(entry, (error, stream) => {
          if (error)
            return fail(error);
          const parts = [];
          stream.on('error', fail);
          stream.on('data', part => parts.push(part));
          stream.on('end', () => { files[entry.fileName] = digest(Buffer.concat(parts)); zip.readEntry(); });
        });
      });
      zip.readEntry();
    });
    return files;
  } finally {
    zip.close();
  }
}

async function withJszip(file) {
  const zip = await require('jszip').loadAsync(fs.readFileSync(file), { checkCRC32: true });
  const files = {};
  for (const entry of Object.values(zip.files)) {
    if (!entry.dir)
      files[entry.name] = digest(await entry.async('nodebuffer'));
  }
  return files;
}

(async () => {
  const [reader, folder] = process.argv.slice(2);
  for (const name of fs.readdirSync(folder).filter(name => name.endsWith('.zip')).sort()) {
    const line = { zip: name };
    try {
      line.files = await (reader === 'yauzl' ? withYauzl : withJszip)(path.join(folder, name));
    } catch (e) {
      line.error = String(e);
    }
    process.stdout.write(JSON.stringify(line) + '\n');
  }
})();
