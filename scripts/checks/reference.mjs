// The handbook's reference is what the program has: settings with their defaults, the settings of the console with
// their bounds, commands with their options. And no document, example or text names one that does not exist.
import { files, problems, read } from './common.mjs';
import { commands } from './cli.mjs';

const CONFIG = 'server/src/platform/config.rs';
const SETTINGS = 'docs/handbook/settings.md';
const COMMANDS = 'docs/handbook/commands.md';
const EXAMPLE = 'deploy/countersign.toml.example';
/** Read by Leptos, and one of them by us too. */
const LEPTOS = ['LEPTOS_SITE_ADDR', 'LEPTOS_SITE_ROOT'];
/** Set by others, so their names have no prefix. */
const FOREIGN = ['database_url', 'credentials_directory'];
/** What systemd sets belongs in no file. */
const NOT_IN_FILE = ['credentials_directory'];

const { report, done } = problems('reference');

/** Compares two lists of names. */
function same(where, told, real) {
  for (const name of real) if (!told.includes(name)) report(`${where}: ${name} is missing`);
  for (const name of told) if (!real.includes(name)) report(`${where}: the program has no ${name}`);
  for (const name of new Set(told)) {
    if (told.filter((other) => other === name).length > 1) report(`${where}: ${name} is there twice`);
  }
}

/** The rows of all tables of a document whose first cell is code: its text, and the other cells. */
const rows = (text) => [...text.matchAll(/^\| `([^`]+)` \|(.*)\|\s*$/gm)].map(([, name, rest]) => [name, rest.split(/(?<!\\)\|/)]);

// --- settings of the process ---

const config = read(CONFIG);
const fields = [...config.match(/pub struct Settings \{([\s\S]*?)\n\}/)[1].matchAll(/^\s+pub (\w+):/gm)].map(([, name]) => name);
const variable = (field) => (FOREIGN.includes(field) ? '' : 'COUNTERSIGN_') + field.toUpperCase();
const variables = fields.map(variable);
for (const name of config.matchAll(/"(LEPTOS_\w+)"/g)) if (!LEPTOS.includes(name[1])) report(`${CONFIG}: ${name[1]} is unknown here`);

/** The default of each setting, where it is a plain value. */
const defaults = new Map();
for (const [, field, value] of config.match(/impl Default for Settings[\s\S]*?Self \{([\s\S]*?)\n {8}\}/)[1].matchAll(/^\s+(\w+): (.*),$/gm)) {
  const plain = value.match(/^"(.*)"/)?.[1] ?? value.match(/^(\d+)$/)?.[1] ?? value.match(/^Encryption::(\w+)/)?.[1].toLowerCase();
  if (plain !== undefined) defaults.set(field, plain);
}

const settings = read(SETTINGS);
const described = rows(settings).filter(([name]) => /^[A-Z_]+$/.test(name));
same(SETTINGS, described.map(([name]) => name), [...variables, ...LEPTOS]);
for (const [field, value] of defaults) {
  const row = described.find(([name]) => name === variable(field));
  if (row && !row[1][0].includes(`\`${value}\``)) report(`${SETTINGS}: the default of ${row[0]} is ${value}`);
}

const example = read(EXAMPLE);
const examples = [...example.matchAll(/^#? ?([a-z_]+) = (.*)$/gm)].map(([line, name, value]) => ({ line, name, value }));
same(EXAMPLE, examples.map(({ name }) => name), fields.filter((field) => !NOT_IN_FILE.includes(field)));
for (const { line, name, value } of examples) {
  if (!line.startsWith('# ')) report(`${EXAMPLE}: ${name} is set, and should only be shown`);
  const known = defaults.get(name);
  if (known !== undefined && ![`"${known}"`, known].includes(value)) report(`${EXAMPLE}: the default of ${name} is ${known}`);
}

// --- settings of the console ---

const titles = JSON.parse(read('app/locales/en.json')).configuration;
const unit = { Number: '', Seconds: ' seconds', Minutes: ' minutes', Hours: ' hours', Days: ' days' };
const console_ = new Map();
const lines = read('app/src/configuration/types.rs').matchAll(/^\s+\w+ = "(\w+)", (\w+), (\d+), (\d+)\.\.=(\d+);/gm);
for (const [, key, kind, value, min, max] of lines) {
  const on = (number) => (number === '1' ? 'ON' : 'OFF');
  const known = kind === 'Toggle' ? [on(value), 'ON or OFF'] : [`${value}${unit[kind]}`, `${min} to ${max}`];
  console_.set(key, [titles[key].title, ...known]);
}
if (console_.size === 0) report('no setting of the console was found');
const shown = [...settings.matchAll(/^\| \*\*(.+?)\*\* \| `(\w+)` \|([^|]*)\|([^|]*)\|/gm)];
same(SETTINGS, shown.map(([, , key]) => key), [...console_.keys()]);
for (const [, title, key, value, bounds] of shown) {
  const told = [title, value.trim(), bounds.trim()].join(', ');
  const real = console_.get(key)?.join(', ');
  if (real !== undefined && told !== real) report(`${SETTINGS}: ${key} is "${real}", not "${told}"`);
}

// --- commands ---

const known = commands();
const reference = read(COMMANDS);
const sections = reference.split(/^###? `countersign (?=.+`$)/m).slice(1).map((text) => [text.slice(0, text.indexOf('`')), text]);
same(COMMANDS, sections.map(([name]) => name), [...known.keys()]);
for (const [name, text] of sections) {
  const real = known.get(name);
  if (!real) continue;
  const told = rows(text).map(([first, [about]]) => ({ name: first.split(' ')[0], value: first.includes(' '), about }));
  same(`${COMMANDS}, ${name}`, told.map((option) => option.name), real.map((option) => option.name));
  for (const option of real) {
    const row = told.find((row) => row.name === option.name);
    if (!row) continue;
    if (/\brequired\b/.test(row.about) !== option.required) {
      report(`${COMMANDS}, ${name}: ${option.name} is ${option.required ? '' : 'not '}required`);
    }
    const takes = option.name.startsWith('--') && !option.flag;
    if (row.value !== takes) report(`${COMMANDS}, ${name}: ${option.name} takes ${takes ? 'a' : 'no'} value`);
  }
}

// --- examples everywhere ---

const groups = new Set([...known.keys()].flatMap((path) => path.split(' ').slice(0, -1).map((_, at) => path.split(' ').slice(0, at + 1).join(' '))));
/** Looks at what follows the name of the program. */
function command(where, text) {
  const words = text.trim().split(/\s+/);
  let path = '';
  while (words.length > 0) {
    const next = `${path} ${words[0]}`.trim();
    if (!groups.has(next) && !known.has(next)) break;
    path = next;
    words.shift();
    if (known.has(path)) break;
  }
  if (path === '' && (words.length === 0 || ['help', '-h', '-V'].includes(words[0]) || /^(-|[^a-z])/.test(words[0]))) {
    if (words[0]?.startsWith('--') && !['--help', '--version'].includes(words[0])) report(`${where}: countersign has no ${words[0]}`);
    return;
  }
  if (!known.has(path)) {
    // A group by itself stands for all of it.
    if (path === '' || (words.length > 0 && /^[a-z-]+$/.test(words[0]))) report(`${where}: there is no command "countersign ${text.trim().slice(0, 40)}"`);
    return;
  }
  const options = known.get(path).map(({ name }) => name);
  for (const option of text.match(/(?<=\s)--[a-z][a-z0-9-]*/g) ?? []) {
    if (option !== '--help' && !options.includes(option)) report(`${where}: countersign ${path} has no ${option}`);
  }
}

// Where a command begins: the name of a unit, an image, a user or a folder is not one.
const PROGRAM = /(?:^\s*|[|;&(]\s*|\bsudo |\bcountersign |--rm )(?:[\w.$/-]*\/)?(?:countersign|as-service) ((?!countersign )[^`|<>#;]*)/g;
const tests = new Set(files('server/src', 'app/src').flatMap((path) => read(path).match(/COUNTERSIGN_TEST_\w+/g) ?? []));
const texts = files('*.md', 'deploy', 'Dockerfile', 'app/locales');
for (const path of texts) {
  const text = read(path).replace(/\\\n\s*/g, ' ');
  for (const [name] of text.matchAll(/\b(?:COUNTERSIGN|LEPTOS)_[A-Z_]*[A-Z]\b/g)) {
    if (![...variables, ...LEPTOS, ...tests].includes(name)) report(`${path}: there is no setting ${name}`);
  }
  if (path.endsWith('.json')) {
    for (const [, rest] of text.matchAll(/\bcountersign ([^"\\.]*)/g)) command(path, rest);
  } else if (path.endsWith('.md')) {
    for (const [, block] of text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)) {
      for (const line of block.split('\n')) for (const [, rest] of line.matchAll(PROGRAM)) command(path, rest);
    }
    for (const [, code] of text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`]*)`/g)) {
      for (const [, rest] of code.replace(/\s+/g, ' ').matchAll(PROGRAM)) command(path, rest);
    }
  } else {
    const begins = /(?:`|sudo |ExecStart=|\.\/)(?:[\w./-]*\/)?(?:countersign|as-service) ([^`,;\n]*)/g;
    for (const [, rest] of text.matchAll(begins)) command(path, rest);
  }
}
done();
