// Takes each guard of scripts/guards.txt out once and looks whether its tests fail without it.
//   guards.mjs [PART-OF-A-NAME...]   only those guards; without any, docs/guards.md is written anew
//   GUARDS_SAY=1                     also what the tests said
//
// A copy of the sources under target/guards gets a switch in place of each guard, so that all of them are compiled
// together. Then the tests of each run with that one guard out, and have to fail; before that, with none out, to pass.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const root = dirname(import.meta.dirname);
const target = join(root, 'target');
const copy = join(target, 'guards');
const SWITCH = `
/// Whether a guard is out.
pub fn guard_is_out(name: &str) -> bool {
    std::env::var("GUARD_OUT").is_ok_and(|out| out == name)
}
`;

const HEAD = `# Guards, and the tests that fail without them

\`make guards\` made this page: it took each guard of [scripts/guards.txt](../scripts/guards.txt) out once and ran its tests.
The numbers are those of the lines in [security.md](security.md).
`;

function fail(problem) {
  console.error(`error: ${problem}`);
  process.exit(1);
}

/// The entries of the list; see its head for the form.
function read(text) {
  const entries = [];
  for (const block of text.replace(/^#.*\n/gm, '').split(/\n\n+/).filter((block) => block.trim())) {
    const entry = { edits: [], tests: [] };
    let file;
    for (const line of block.trim().split('\n')) {
      const [, key, value] = /^(\S+) +(.*)$/.exec(line) ?? fail(`scripts/guards.txt: not understood: ${line}`);
      if (key === 'in') file = value;
      else if (key === '-') entry.edits.push({ file, original: value });
      else if (key === '+') entry.edits.at(-1).replacement = value;
      else if (key === 'tests') entry.tests.push(...value.split(' '));
      else entry[key] = value;
    }
    const complete = entry.browser ? entry.lines && entry.specs : entry.guard && entry.lines && entry.tests.length;
    if (!complete || entry.edits.some((edit) => !edit.replacement)) fail(`scripts/guards.txt: incomplete:\n${block}`);
    entries.push(entry);
  }
  return entries;
}

/// A file's text with the original of each edit, however it is wrapped, replaced by its switch.
function edited(file, text, edits) {
  const places = edits.map(({ guard, original, replacement }) => {
    const words = original.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const found = [...text.matchAll(new RegExp(words.join('\\s*'), 'g'))];
    if (found.length !== 1) fail(`${guard}: found ${found.length} times in ${file}, not once: ${original}`);
    const out = replacement.replace(/\bOUT\b/g, `crate::guard_is_out(${JSON.stringify(guard)})`);
    return { guard, from: found[0].index, to: found[0].index + found[0][0].length, out };
  });
  places.sort((a, b) => a.from - b.from);
  let [done, upTo] = ['', 0];
  for (const { guard, from, to, out } of places) {
    if (from < upTo) fail(`${guard}: overlaps another guard in ${file}`);
    done += text.slice(upTo, from) + out;
    upTo = to;
  }
  return done + text.slice(upTo);
}

/// Brings the copy up to date. Files that stay the same are left alone, so that only what changed is compiled.
function makeCopy(guards) {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  // Cargo's settings are found in the folders above; twice they would be others.
  const mine = (file) => !file.startsWith('.cargo/') && existsSync(join(root, file));
  const wanted = new Map(files.filter(mine).map((file) => [file, null]));
  const text = (file) => readFileSync(join(root, file), 'utf8');
  const edits = guards.flatMap(({ guard, edits }) => edits.map((edit) => ({ guard, ...edit })));
  for (const file of new Set(edits.map((edit) => edit.file))) {
    if (!wanted.has(file)) fail(`there is no ${file}`);
    wanted.set(file, edited(file, text(file), edits.filter((edit) => edit.file === file)));
  }
  for (const file of ['app/src/lib.rs', 'server/src/lib.rs']) wanted.set(file, text(file) + SWITCH);
  // A version of its own: cargo would otherwise take the programs of the sources for those of the copy, whichever it
  // compiled last.
  const own = (file, version) => wanted.set(file, text(file).replace(version, '$1-guards"'));
  own('Cargo.toml', /^(version = ".*)"$/m);
  own('Cargo.lock', /^(name = ".*"\nversion = ".*)"(?!\nsource)$/gm);
  const listed = join(copy, 'files.txt');
  const before = existsSync(listed) ? readFileSync(listed, 'utf8').split('\n') : [];
  for (const file of before.filter((file) => !wanted.has(file))) rmSync(join(copy, file), { force: true });
  for (const [file, changed] of wanted) {
    const place = join(copy, file);
    const content = changed === null ? readFileSync(join(root, file)) : Buffer.from(changed);
    if (existsSync(place) && readFileSync(place).equals(content)) continue;
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
  writeFileSync(listed, [...wanted.keys()].join('\n'));
}

/// Compiles the copy, and tells the test programs of both crates.
function compile() {
  const cargo = ['test', '--locked', '-p', 'app', '-p', 'server', '--lib', '--no-run', '--message-format=json'];
  const env = { ...process.env, CARGO_TARGET_DIR: target };
  const built = spawnSync('cargo', cargo, {
    cwd: copy,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const messages = built.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  if (built.status !== 0) {
    for (const { message } of messages) if (message?.level === 'error') console.error(message.rendered);
    fail('the copy with the switches does not compile');
  }
  return messages
    .filter(({ executable, profile }) => executable && profile.test)
    .map(({ executable, manifest_path }) => {
      const run = (out, ...args) =>
        spawnSync(executable, args, {
          cwd: dirname(manifest_path),
          env: { ...process.env, GUARD_OUT: out, RUST_BACKTRACE: '0' },
          encoding: 'utf8',
          maxBuffer: 1 << 30,
          timeout: 300_000,
        });
      const names = run('', '--list', '--format=terse').stdout.match(/^\S+(?=: test$)/gm) ?? [];
      return { run, names };
    });
}

/// The program and the whole name of a test, of which the list has the end.
function find(programs, end) {
  const found = programs.flatMap((program) =>
    program.names.filter((name) => name === end || name.endsWith(`::${end}`)).map((name) => ({ program, name, end })),
  );
  if (found.length !== 1) fail(`${found.length} tests are called ${end}, not one`);
  return found[0];
}

/// Runs tests with one guard out, or none. Tells which of them passed, and what the others said.
function run(tests, out) {
  const passed = new Set();
  let said = '';
  for (const program of new Set(tests.map((test) => test.program))) {
    const names = tests.filter((test) => test.program === program).map((test) => test.name);
    const { stdout, stderr } = program.run(out, '--exact', ...names);
    said += `${stdout}${stderr}`;
    for (const name of names) if (new RegExp(`^test ${name}( - .*)? \\.\\.\\. ok$`, 'm').test(stdout)) passed.add(name);
  }
  return { passed, said };
}

const entries = read(readFileSync(join(root, 'scripts/guards.txt'), 'utf8'));
const guards = entries.filter((entry) => entry.guard);
const parts = process.argv.slice(2);
const chosen = guards.filter(({ guard }) => !parts.length || parts.some((part) => guard.includes(part)));
if (new Set(guards.map(({ guard }) => guard)).size !== guards.length) fail('scripts/guards.txt: a guard stands twice');

makeCopy(guards);
const programs = compile();
for (const guard of guards) guard.tests = guard.tests.map((end) => find(programs, end));
const all = [...new Map(chosen.flatMap(({ tests }) => tests).map((test) => [test.name, test])).values()];
const whole = run(all, '');
if (whole.passed.size !== all.length) {
  console.error(whole.said);
  fail(`with every guard in place these fail: ${all.filter(({ name }) => !whole.passed.has(name)).map(({ end }) => end)}`);
}

const say = process.env.GUARDS_SAY === '1';
const table = [];
const row = (...cells) => {
  table.push(`| ${cells.join(' | ')} |`);
  console.log(table.at(-1));
};
row('guard', 'lines', 'test', 'without it');
row('---', '---', '---', '---');
let still = 0;
for (const { guard, lines, tests } of chosen) {
  const { passed, said } = run(tests, guard);
  if (say) console.error(said);
  for (const { name, end } of tests) {
    still += passed.has(name) ? 1 : 0;
    row(guard, lines, `\`${end}\``, passed.has(name) ? 'STILL PASSES' : 'fails');
  }
}
const runs = chosen.reduce((sum, { tests }) => sum + tests.length, 0);
const counts = `${chosen.length} guards and ${runs} tests of them: ${runs - still} fail without their guard, ${still} still pass.`;
if (!parts.length) {
  for (const { browser, lines, specs } of entries.filter((entry) => entry.browser)) {
    row(browser, lines, specs, 'not covered here: browser tests');
  }
  writeFileSync(join(root, 'docs/guards.md'), `${HEAD}\n${counts}\n\n${table.join('\n')}\n`);
}
console.log(`\n${counts}`);
process.exit(still ? 1 : 0);
