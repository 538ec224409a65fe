// Every metric that the server counts is described, is on the dashboard and in the handbook; and what dashboard, alerts
// and handbook name is counted, with the labels and the values that they ask for.
import { files, problems, read } from './common.mjs';

const DASHBOARD = 'deploy/monitoring/grafana-dashboard.json';
const ALERTS = 'deploy/monitoring/alerts.yml';
const HANDBOOK = 'docs/handbook/monitoring.md';
/** Labels that Prometheus adds, and those that it makes of a histogram. */
const GIVEN = ['job', 'instance', 'le'];

const { report, done } = problems('metrics');
const sources = files('server/src', 'app/src')
  .filter((path) => path.endsWith('.rs') && !/tests?(\/|\.rs$|_)/.test(path))
  .map((path) => ({ path, text: read(path).split('#[cfg(test)]')[0] }));

/** From the opening parenthesis at `from` to the closing one. */
function call(text, from) {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}

const described = new Map();
const counted = new Map();
for (const { path, text } of sources) {
  for (const match of text.matchAll(/\b(describe_)?(counter|gauge|histogram)!\(\s*"(countersign_\w+)"/g)) {
    const [, describes, kind, name] = match;
    if (describes) {
      described.set(name, kind);
      continue;
    }
    const labels = [...call(text, match.index + match[0].indexOf('(')).matchAll(/"(\w+)"\s*=>/g)].map(([, label]) => label);
    const known = counted.get(name) ?? { kind, path, labels: new Set() };
    if (known.kind !== kind) report(`${path}: ${name} is a ${kind}, and a ${known.kind} in ${known.path}`);
    labels.forEach((label) => known.labels.add(label));
    counted.set(name, known);
  }
}
if (counted.size === 0) report('no metric was found in the sources');
for (const [name, { kind, path }] of counted) {
  if (described.get(name) !== kind) report(`${path}: ${name} is not described as a ${kind}`);
}
for (const name of described.keys()) {
  if (!counted.has(name)) report(`${name} is described and never counted`);
}

/** The metric behind a name of Prometheus, which makes three of a histogram. */
function metric(name) {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return counted.get(base)?.kind === 'histogram' ? [base, name !== base] : [name, !counted.has(name) || counted.get(name).kind !== 'histogram'];
}

const literals = new Set(sources.flatMap(({ text }) => [...text.matchAll(/"([a-z_]+)"/g)].map(([, value]) => value)));

/** Looks at an expression, and adds the metrics that it names to `named`. */
function expression(where, text, named) {
  const labels = new Set(GIVEN);
  for (const [, name, selector] of text.matchAll(/\b(countersign_\w+)(?:\{([^}]*)\})?/g)) {
    const [base, right] = metric(name);
    if (!counted.has(base)) {
      report(`${where}: nothing counts ${name}`);
      continue;
    }
    if (!right) report(`${where}: ${name} is a histogram, so it is ${name}_bucket, _sum or _count`);
    named.add(base);
    counted.get(base).labels.forEach((label) => labels.add(label));
    for (const [, label, values] of (selector ?? '').matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)) {
      if (!GIVEN.includes(label) && !counted.get(base).labels.has(label)) report(`${where}: ${name} has no label ${label}`);
      for (const value of values.split('|')) {
        const plain = /^[a-z_]+$/.test(value) && !GIVEN.includes(label);
        if (plain && !literals.has(value)) report(`${where}: nothing is counted with ${label}="${value}"`);
      }
    }
  }
  for (const [, list] of text.matchAll(/\bby \(([^)]*)\)/g)) {
    for (const label of list.split(',').map((label) => label.trim())) {
      if (!labels.has(label)) report(`${where}: nothing in it has the label ${label}`);
    }
  }
}

/** All texts of a JSON value that hold an expression. */
function* expressions(value, title) {
  if (Array.isArray(value)) for (const item of value) yield* expressions(item, title);
  else if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && /countersign_/.test(inner)) yield [value.title ?? title ?? key, inner];
      else yield* expressions(inner, value.title ?? title);
    }
  }
}

const shown = new Set();
for (const [title, text] of expressions(JSON.parse(read(DASHBOARD)))) expression(`${DASHBOARD}, ${title}`, text, shown);

const alerts = read(ALERTS).replace(/^\s*#.*$/gm, '');
for (const alert of alerts.split(/^ *- alert: /m).slice(1)) {
  expression(`${ALERTS}, ${alert.split('\n')[0]}`, alert.slice(0, alert.indexOf('annotations:')), new Set());
}

const explained = new Set();
const handbook = read(HANDBOOK);
for (const [, name] of handbook.matchAll(/`(countersign_\w+)/g)) {
  const [base] = metric(name);
  if (counted.has(base)) explained.add(base);
  else report(`${HANDBOOK}: nothing counts ${name}`);
}
// Its table names the labels of each.
for (const [, name, labels] of handbook.matchAll(/^\| `(countersign_\w+)` \|[^|]*\|([^|]*)\|/gm)) {
  const told = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort();
  const real = [...(counted.get(name)?.labels ?? [])].sort();
  if (told.join() !== real.join()) report(`${HANDBOOK}: ${name} has the labels ${real.join(', ') || '(none)'}, not ${told.join(', ') || '(none)'}`);
}
for (const name of counted.keys()) {
  if (!shown.has(name)) report(`${name} is not on the dashboard`);
  if (!explained.has(name)) report(`${name} is not in ${HANDBOOK}`);
}
done();
