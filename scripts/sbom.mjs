// Puts together what three tools know: cargo-cyclonedx of the Rust packages in the program and in the WASM, and npm of
// the packages that the pages import. See sbom.sh.
//   sbom.mjs FILE
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { files, read, root } from './checks/common.mjs';

const WASM = 'wasm32-unknown-unknown';
const version = read('Cargo.toml').match(/^version = "(.*)"/m)[1];
const MEMBERS = ['app', 'frontend', 'server', 'scripts/bindgen'];
const NAME = 'countersign-part.cdx';

const run = (command, args, cwd = root) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'inherit'] });

/** What goes into one member of the workspace. The tool writes a file beside the Cargo.toml of each of them. */
function ofMember(member, target) {
  const written = MEMBERS.map((folder) => join(root, folder, `${NAME}.json`));
  const options = ['--format', 'json', '--spec-version', '1.5', '--override-filename', NAME, '--no-build-deps', '--quiet'];
  try {
    run('cargo', ['cyclonedx', ...options, ...(target ? ['--target', target] : [])]);
    return JSON.parse(readFileSync(join(root, member, `${NAME}.json`), 'utf8'));
  } finally {
    for (const file of written) if (existsSync(file)) rmSync(file);
  }
}

/** Our own packages are called by the folder that they lie in on this machine: that is nobody's business. */
const called = (ref) => ref.replace(/^path\+file:\/\/.*?([^/#]+)#(?:([^@]+)@)?([^@]+)$/, (_, folder, name, version) => `${name ?? folder}@${version}`);

const components = new Map();
const dependencies = new Map();

/** Takes a component in, as a part of the program (`program`) or of what browsers get (`browser`). */
function take({ components: _, ...component }, part) {
  const ref = called(component['bom-ref']);
  const known = components.get(ref) ?? {
    ...component,
    'bom-ref': ref,
    purl: component.purl?.replace(/\?download_url=file:.*$/, ''),
    properties: [],
  };
  known.properties.push({ name: 'countersign:part', value: part });
  components.set(ref, known);
  return ref;
}

function depends(ref, on = []) {
  const known = dependencies.get(ref) ?? new Set();
  for (const one of on) known.add(one);
  dependencies.set(ref, known);
}

function takeCargo(member, part, target) {
  const { metadata, components: parts, dependencies: edges } = ofMember(member, target);
  for (const component of parts) take(component, part);
  for (const { ref, dependsOn } of edges) depends(called(ref), dependsOn?.map(called));
  return take(metadata.component, part);
}

/** Packages of npm that the program in the pages imports by name. */
function imported() {
  const names = new Set();
  for (const path of files('app/src', 'frontend/src')) {
    for (const [, module] of read(path).matchAll(/wasm_bindgen\(module = "([^"/.][^"]*)"\)/g)) names.add(module);
  }
  return names;
}

/** All that the lock file has. npm lists nothing for a package without a version, such as ours, so it is told one. */
function ofNpm() {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-npm-'));
  try {
    cpSync(join(root, 'end2end/package-lock.json'), join(copy, 'package-lock.json'));
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...JSON.parse(read('end2end/package.json')), version }));
    return JSON.parse(run('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], copy)).components;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function takeNpm(part) {
  const all = ofNpm();
  return [...imported()].map((name) => {
    const found = all.find((component) => [component.group, component.name].filter(Boolean).join('/') === name);
    if (!found) throw new Error(`the pages import ${name}, which end2end/package-lock.json does not have`);
    // That they are tools of development is true of the tests alone.
    const { scope: _, properties: __, ...component } = found;
    return take(component, part);
  });
}

const [file] = process.argv.slice(2);
const top = `countersign@${version}`;
depends(top, [takeCargo('server', 'program'), takeCargo('frontend', 'browser', WASM), ...takeNpm('browser')]);
for (const ref of components.keys()) depends(ref);

const byRef = (one, other) => (one['bom-ref'] ?? one.ref).localeCompare(other['bom-ref'] ?? other.ref, 'en');
const locks = createHash('sha256').update(read('Cargo.lock')).update(read('end2end/package-lock.json')).digest('hex');
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    timestamp: new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString(),
    component: { type: 'application', 'bom-ref': top, name: 'countersign', version },
    // By this scripts/release.sh knows the packages that it is of.
    properties: [{ name: 'countersign:lock-files', value: locks }],
  },
  components: [...components.values()].sort(byRef),
  dependencies: [...dependencies].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })).sort(byRef),
};
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
