// compress_web.mjs FOLDER: puts FILE.br and FILE.gz beside every file of the built IDE that gets smaller by it, so
// that the manager never compresses anything. Node's own zlib; both cores work.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressible = new Set(['.html', '.js', '.mjs', '.css', '.svg', '.json', '.map', '.ttf', '.txt', '.wasm']);
const smallest = 1024; // bytes; below that the headers weigh more than what is saved

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Writes both forms of one file; gives the bytes of the file and of its best form. */
async function compress(file) {
  const content = await readFile(file);
  if (content.length < smallest || !compressible.has(extname(file))) return [content.length, content.length];
  const forms = await Promise.all([
    brotli(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    gzipped(content, { level: 9 }),
  ]);
  const useful = ['.br', '.gz'].map((suffix, i) => [suffix, forms[i]]).filter(([, form]) => form.length < content.length);
  await Promise.all(useful.map(([suffix, form]) => writeFile(file + suffix, form)));
  return [content.length, Math.min(content.length, ...useful.map(([, form]) => form.length))];
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    }),
  );
  return found.flat();
}

const folder = process.argv[2];
if (!folder) throw new Error('usage: compress_web.mjs FOLDER');
const sizes = await Promise.all((await filesBelow(folder)).map(compress));
const [plain, best] = sizes.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
console.log(`${sizes.length} files: ${plain} bytes, compressed ${best}`);
