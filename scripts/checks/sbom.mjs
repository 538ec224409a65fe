// The list of parts that `make sbom` leaves: it names each package that Cargo puts into the program and into the WASM, and
// those of npm that pages import, each with its licence, and it tells nothing of the machine that it was made on.
//   sbom.mjs [FILE]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems, read, root } from './common.mjs';

const version = read('Cargo.toml').match(/^version = "(.*)"/m)[1];
const file = process.argv[2] ?? join(root, `target/dist/countersign-${version}.cdx.json`);
const { report, done } = problems('list of parts');
const text = readFileSync(file, 'utf8');
const bom = JSON.parse(text);

const key = ({ name, version }) => `${name} ${version}`;
const named = (part) =>
  new Set(bom.components.filter(({ properties }) => properties.some(({ value }) => value === part)).map(key));

/** What Cargo compiles into a package, as "name version". */
function compiled(member, edges, ...options) {
  const tree = ['tree', '--locked', '-p', member, '--edges', edges, '--prefix', 'none', '--format', '{p}', ...options];
  const lines = execFileSync('cargo', tree, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 }).split('\n');
  return new Set(lines.filter(Boolean).map((line) => line.match(/^(\S+) v(\S+)/).slice(1).join(' ')));
}

const locked = new Set(
  [...read('Cargo.lock').matchAll(/^name = "(.*)"\nversion = "(.*)"$/gm)].map(([, name, version]) => `${name} ${version}`),
);
for (const [part, member, ...options] of [
  ['program', 'server', 'normal'],
  // Macros run where it is compiled, with packages of that machine.
  ['browser', 'frontend', 'normal,no-proc-macro', '--target', 'wasm32-unknown-unknown'],
]) {
  const there = named(part);
  const wanted = compiled(member, ...options);
  if (wanted.size < 20) report(`${member} has no more than ${wanted.size} packages, which cannot be`);
  for (const name of wanted) if (!there.has(name)) report(`${name} is in the ${part} and not in the list`);
}
const { packages } = JSON.parse(read('end2end/package-lock.json'));
for (const component of bom.components) {
  const { name, version, purl = '', licenses } = component;
  const known = purl.startsWith('pkg:npm/') ? packages[`node_modules/${name}`]?.version === version : locked.has(key(component));
  if (!known) report(`${name} ${version} is in no lock file`);
  if (!licenses?.length) report(`${name} ${version} has no licence`);
}
const refs = new Set([bom.metadata.component, ...bom.components].map((component) => component['bom-ref']));
for (const { ref, dependsOn } of bom.dependencies) {
  for (const one of [ref, ...dependsOn]) if (!refs.has(one)) report(`${one} is depended on and not in the list`);
}
for (const path of ['file:', root]) if (text.includes(path)) report(`it has an address of this machine: ${path}`);
done();
