// Reads the commands of the command line out of its sources, which name them for clap. Knows as much of clap as stands
// there: subcommands, arguments, and arguments that several commands share.
import { files, read } from './common.mjs';

const CLI = 'server/src/cli';

/** From the bracket at `from` to its partner, without the two. */
function inside(text, from) {
  const partner = { '{': '}', '(': ')', '[': ']' }[text[from]];
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === text[from]) depth++;
    if (text[at] === partner && --depth === 0) return text.slice(from + 1, at);
  }
  throw new Error(`a bracket is not closed: ${text.slice(from, from + 60)}`);
}

/** Splits the members of an enum or struct, each with its attributes. */
function members(body) {
  const parts = [];
  let depth = 0;
  let part = '';
  for (const line of body.split('\n')) {
    const code = line.replace(/\/\/.*$/, '');
    part += `${code}\n`;
    // Texts in attributes have brackets too.
    for (const sign of code.replace(/"(?:\\.|[^"\\])*"|[-=]>/g, '')) {
      if ('{([<'.includes(sign)) depth++;
      if ('})]>'.includes(sign)) depth--;
    }
    if (depth === 0 && /,\s*$/.test(code)) {
      parts.push(part);
      part = '';
    }
  }
  if (part.trim()) parts.push(part);
  return parts.map((text) => {
    let rest = text.trim();
    let attributes = '';
    while (rest.startsWith('#')) {
      const attribute = inside(rest, rest.indexOf('['));
      attributes += `${attribute}\n`;
      rest = rest.slice(rest.indexOf('[') + attribute.length + 2).trim();
    }
    return { attributes, code: rest.replace(/,\s*$/, '') };
  });
}

const kebab = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/_/g, '-').toLowerCase();
const named = (attributes, fallback) => attributes.match(/\bname\s*=\s*"([^"]+)"/)?.[1] ?? fallback;

/** `Box<Option<a::B>>` without what is around the name: `a::B`. */
const bare = (type) => type.trim().replace(/^(?:Box|Option|Vec)<(.*)>$/s, (_, inner) => bare(inner));

/** All enums and structs of the command line, by file and name. */
function items() {
  const found = new Map();
  for (const path of files(CLI).filter((path) => path.endsWith('.rs'))) {
    const text = read(path).split('#[cfg(test)]')[0];
    const module = path.slice(CLI.length + 1).replace(/(\/mod)?\.rs$/, '').replace(/^mod$/, '');
    for (const match of text.matchAll(/#\[derive\(([^)]*)\)\](?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([^)]*\))? )?(enum|struct) (\w+)[^{;]*\{/g)) {
      if (!/\b(Subcommand|Args|Parser|ValueEnum)\b/.test(match[1])) continue;
      const body = inside(text, match.index + match[0].length - 1);
      found.set(`${module}::${match[3]}`, { module, kind: match[2], members: members(body) });
    }
  }
  return found;
}

/** The commands by their words, such as `account create`, with their options and arguments. */
export function commands() {
  const all = items();
  const find = (type, module) => {
    const path = bare(type).split('::');
    const [name, inner] = [path.at(-1), path.at(-2)];
    const known = all.get(`${inner ?? module}::${name}`) ?? all.get(`${module}/${inner}::${name}`);
    return known ?? [...all].find(([key]) => key.endsWith(`::${name}`))?.[1];
  };
  const leaves = new Map();

  function fields(list, module, into) {
    for (const { attributes, code } of list) {
      const match = code.match(/^(?:pub(?:\([^)]*\))? )?(\w+)\s*:\s*([\s\S]+)$/);
      if (!match) throw new Error(`this argument cannot be read: ${code}`);
      const [, name, type] = match;
      if (/\bflatten\b/.test(attributes)) {
        const shared = find(type, module);
        fields(shared.members, shared.module, into);
        continue;
      }
      const flag = type.trim() === 'bool';
      const required = !flag && !/^(Option|Vec)</.test(type.trim()) && !/default_value/.test(attributes);
      const long = attributes.match(/\blong(?:\s*=\s*"([^"]+)")?/);
      const value = attributes.match(/\bvalue_name\s*=\s*"([^"]+)"/)?.[1];
      into.push({ name: long ? `--${long[1] ?? kebab(name)}` : (value ?? name.toUpperCase()), required, flag });
    }
    return into;
  }

  function walk(words, item) {
    for (const { attributes, code } of item.members) {
      const match = code.match(/^(\w+)\s*([\s\S]*)$/);
      const path = [...words, named(attributes, kebab(match[1]))];
      const rest = match[2].trim();
      if (rest === '') leaves.set(path.join(' '), []);
      else if (rest.startsWith('{')) leaves.set(path.join(' '), fields(members(inside(rest, 0)), item.module, []));
      else {
        const type = inside(rest, 0);
        const inner = find(type, item.module);
        if (!inner) throw new Error(`nothing is called ${type}, which ${path.join(' ')} has`);
        if (inner.kind === 'enum') walk(path, inner);
        else leaves.set(path.join(' '), fields(inner.members, inner.module, []));
      }
    }
  }
  walk([], all.get('::Command'));
  return leaves;
}
