// Every relative link in a document leads to a file, and where it names a heading, to one that is there. The book has
// each page of docs once, and the handbook leads to nothing that is not in it.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { files, problems, read, root } from './common.mjs';

const BOOK = 'docs';
const SUMMARY = 'docs/SUMMARY.md';
const HANDBOOK = 'docs/handbook/';

const { report, done } = problems('links');
const documents = files('*.md').filter((path) => existsSync(join(root, path)));

/** The lines of a document without code, which has brackets of its own; numbers of lines stay. */
function prose(path) {
  let fence = null;
  return read(path)
    .split('\n')
    .map((line) => {
      const mark = line.match(/^\s*(```+|~~~+)/)?.[1];
      if (mark && (fence === null || mark.startsWith(fence))) {
        fence = fence === null ? mark : null;
        return '';
      }
      return fence === null ? line : '';
    });
}

const anchors = new Map();
/** The names that a document's headings have as the end of an address. */
function headings(path) {
  if (!anchors.has(path)) {
    const seen = new Map();
    const found = new Set();
    for (const line of prose(path)) {
      const title = line.match(/^#{1,6}\s+(.*?)\s*#*$/)?.[1];
      if (title === undefined) continue;
      const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
      const slug = plain.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
      const before = seen.get(slug) ?? 0;
      seen.set(slug, before + 1);
      found.add(before === 0 ? slug : `${slug}-${before}`);
    }
    anchors.set(path, found);
  }
  return anchors.get(path);
}

/** The links of a document, with their lines. */
function* links(path) {
  for (const [at, line] of prose(path).entries()) {
    const text = line.replace(/(`+)(?:(?!\1).)*\1/g, (code) => ' '.repeat(code.length));
    for (const [, target] of text.matchAll(/\]\(\s*<?([^)>\s]*)>?(?:\s+"[^"]*")?\s*\)/g)) yield [at + 1, target];
    for (const [, target] of text.matchAll(/^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/g)) yield [at + 1, target];
    for (const [, target] of text.matchAll(/\b(?:href|src)="([^"]*)"/g)) yield [at + 1, target];
  }
  // A link whose text is broken over two lines.
  const whole = prose(path).join('\n');
  for (const match of whole.matchAll(/\[[^\]\n]*\n[^\]]*\]\(([^)\s]+)\)/g)) {
    yield [whole.slice(0, match.index).split('\n').length, match[1]];
  }
}

for (const path of documents) {
  const told = new Set();
  for (const [line, target] of links(path)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('//')) continue;
    const where = `${path}:${line}`;
    const [file, heading] = target.split('#');
    const leads = file === '' ? path : normalize(join(dirname(path), decodeURI(file)));
    const say = (problem) => {
      if (!told.has(problem)) report(`${where}: ${problem}`);
      told.add(problem);
    };
    if (file.startsWith('/') || leads.startsWith('..')) say(`${target} leads out of the project`);
    else if (!existsSync(join(root, leads))) say(`${target} leads to nothing`);
    else if (heading !== undefined && leads.endsWith('.md') && !headings(leads).has(heading)) say(`${target}: there is no such heading`);
    else if (path.startsWith(HANDBOOK) && !leads.startsWith(`${BOOK}/`)) say(`${target} is not in the book`);
  }
}

const chapters = [...links(SUMMARY)].map(([, target]) => normalize(join(BOOK, target)));
for (const path of documents.filter((path) => path.startsWith(`${BOOK}/`) && path !== SUMMARY)) {
  const times = chapters.filter((chapter) => chapter === path).length;
  if (times !== 1) report(`${SUMMARY} has ${path} ${times === 0 ? 'not at all' : `${times} times`}`);
}
done();
