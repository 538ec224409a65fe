// Makes the site of compiled WASM and style sheets: one script, one WASM file, one style sheet, each with a hash of
// itself in its name and packed for transfer, and hash.txt, from which the server knows the names.
//   site.mjs --name NAME --wasm FILE --site FOLDER --hashes FILE [--style FILE] [--assets FOLDER]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const text = { type: 'string' };
const { values: given } = parseArgs({
  options: { name: text, wasm: text, site: text, hashes: text, style: text, assets: text },
});
for (const needed of ['name', 'wasm', 'site', 'hashes']) {
  if (!given[needed]) throw new Error(`--${needed} is missing`);
}

// The tools are those of the pinned npm packages.
const packages = join(import.meta.dirname, '../end2end');
const esbuild = createRequire(join(packages, 'package.json'))('esbuild');
const wasmOpt = join(packages, 'node_modules/.bin/wasm-opt');

// Browsers of 2023 and later: what pages use besides (`:has`, container queries) is as old.
const target = ['chrome113', 'firefox121', 'safari16.4'];

const run = (command, ...args) => execFileSync(command, args, { stdio: 'inherit' });

/** Bundles the file with what it imports, and minifies it. */
async function bundle(file, options = {}) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [file],
    nodePaths: [join(packages, 'node_modules')],
    bundle: true,
    minify: true,
    legalComments: 'none',
    target,
    write: false,
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].contents;
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (statSync(path).isFile()) yield path;
  }
}

/** Writes the packed forms beside a file, as small as they get: they are made once and sent often. */
function pack(path) {
  const plain = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
  );
}

mkdirSync(dirname(given.site), { recursive: true });
const work = mkdtempSync(`${given.site}-`);
try {
  run('target/debug/bindgen', given.wasm, given.name, work);
  const wasm = join(work, `${given.name}_bg.wasm`);
  run(wasmOpt, '-Oz', '--converge', '--enable-bulk-memory', '--enable-nontrapping-float-to-int', wasm, '-o', wasm);

  const files = {
    js: await bundle(join(work, `${given.name}.js`), { format: 'esm' }),
    wasm: readFileSync(wasm),
    css: given.style ? await bundle(given.style) : '',
  };

  rmSync(given.site, { recursive: true, force: true });
  mkdirSync(join(given.site, 'pkg'), { recursive: true });
  if (given.assets) cpSync(given.assets, given.site, { recursive: true });
  let hashes = '';
  for (const [kind, contents] of Object.entries(files)) {
    const hash = createHash('sha256').update(contents).digest('base64url').slice(0, 22);
    writeFileSync(join(given.site, 'pkg', `${given.name}.${hash}.${kind}`), contents);
    hashes += `${kind}: ${hash}\n`;
  }
  for (const path of [...filesBelow(given.site)]) pack(path);
  writeFileSync(given.hashes, hashes);
} finally {
  rmSync(work, { recursive: true, force: true });
}
