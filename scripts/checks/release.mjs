// scripts/release.sh, on a build that is made up: the same build gives the same archive whenever it is packed, everything
// is in it, and what does not belong together is refused.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { problems, root } from './common.mjs';

const version = readFileSync(join(root, 'Cargo.toml'), 'utf8').match(/^version = "(.*)"/m)[1];
const folder = mkdtempSync(join(tmpdir(), 'countersign-release-'));
const { report, done } = problems('release');
/** The list of parts, as `make sbom` names it, and the packages by which it is known to be of these sources. */
const list = `countersign-${version}.cdx.json`;
const locks = ['Cargo.lock', 'end2end/package-lock.json'].reduce(
  (hash, path) => hash.update(readFileSync(join(root, path))),
  createHash('sha256'),
);
const lockFiles = locks.digest('hex');

/** A build: a program that knows its version and checks that its site is beside it, and two pages' files. */
function build({ says = version, css = 'a1', parts } = {}) {
  const target = mkdtempSync(join(folder, 'target-'));
  mkdirSync(join(target, 'dist'));
  mkdirSync(join(target, 'site/pkg'), { recursive: true });
  const program = join(target, 'dist/countersign');
  writeFileSync(
    program,
    `#!/bin/sh\ncase $1 in --version) echo "countersign ${says}" ;; *) test -d "$(dirname "$0")/site/pkg" ;; esac\n`,
  );
  chmodSync(program, 0o755);
  writeFileSync(join(target, 'dist/hash.txt'), `css: ${css}\n`);
  writeFileSync(join(target, 'site/pkg/countersign.a1.css'), 'p {}');
  writeFileSync(join(target, 'site/favicon.svg'), '<svg/>');
  if (parts) writeFileSync(join(target, `dist/${list}`), parts);
  return target;
}

function pack(target) {
  execFileSync(join(root, 'scripts/release.sh'), [target], { stdio: 'pipe' });
  const archive = readdirSync(join(target, 'dist')).find((name) => name.endsWith('.tar.gz'));
  return join(target, 'dist', archive);
}

/** What release.sh says when it refuses a build; nothing where it packs it. */
function refusal(target) {
  try {
    pack(target);
    return '';
  } catch (error) {
    return String(error.stderr ?? error);
  }
}

try {
  const first = pack(build());
  const name = basename(first, '.tar.gz');
  // Another folder, another day, another umask.
  const later = build();
  process.umask(0o077);
  utimesSync(join(later, 'site/favicon.svg'), 1, 1);
  chmodSync(join(later, 'site/favicon.svg'), 0o600);
  if (!readFileSync(first).equals(readFileSync(pack(later)))) report('the same build, packed twice, gave two archives');

  const rows = execFileSync('tar', ['-tvzf', first, '--numeric-owner'], { encoding: 'utf8' }).trim().split('\n');
  const packed = rows.map((row) => row.split(/\s+/)).map(([mode, owner, , , , path]) => ({ mode, owner, path }));
  const names = packed.map(({ path }) => path.slice(name.length + 1)).filter(Boolean);
  const wanted = ['README.txt', 'as-service', 'countersign', 'countersign.toml.example', 'countersign.service', 'hash.txt'];
  for (const path of [...wanted, 'site/favicon.svg', 'site/pkg/countersign.a1.css']) {
    if (!names.includes(path)) report(`${path} is not in the archive`);
  }
  for (const { mode, owner, path } of packed) {
    if (owner !== '0/0') report(`${path} belongs to ${owner}`);
    const runs = path.endsWith('/') || ['countersign', 'as-service'].includes(basename(path));
    if (mode.slice(1) !== (runs ? 'rwxr-xr-x' : 'rw-r--r--')) report(`${path} has the mode ${mode}`);
  }
  try {
    execFileSync('sha256sum', ['--check', '--status', `${basename(first)}.sha256`], { cwd: join(first, '..') });
  } catch {
    report('the SHA-256 beside the archive is not its own');
  }
  const readme = execFileSync('tar', ['-xzOf', first, `${name}/README.txt`], { encoding: 'utf8' });
  if (readme.includes('@')) report('README.txt has a placeholder left');

  if (!refusal(build({ says: '0.0.0' })).includes('run make dist')) report('a program of another version was packed');
  if (!refusal(build({ css: 'b2' })).includes('run make dist')) report('a site of another build was packed');
  if (!refusal(build({ parts: '{}' })).includes('run make sbom')) report('a list of other parts was left beside the archive');
  const withParts = pack(build({ parts: `{"value":"${lockFiles}"}` }));
  if (!existsSync(join(withParts, '..', `${list}.sha256`))) report('the list of parts has no SHA-256');
  const broken = build();
  const program = join(broken, 'dist/countersign');
  writeFileSync(program, readFileSync(program, 'utf8').replace('test -d', 'test ! -d'));
  if (!refusal(broken).includes('does not work')) report('a release that does not start was packed');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
done();
