// The figures as JSON, and how they stand beside those that were committed last.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const written = 'target/bench/figures.json';
const committed = 'docs/benchmarks.json';
/** How much worse a ratio may be. */
const allowed = 0.1;

const git = (...args) => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** Writes the figures. `problem` says why they cannot be compared with others, if they cannot. */
export function writeFigures(table, { quick, problem }) {
  const commit = git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? ' and changes' : '');
  const machine = `${cpus().length} x ${cpus()[0].model.trim()}`;
  const head = { date: new Date().toISOString().slice(0, 10), commit, machine, quick, comparable: !problem, problem };
  const rounded = (number) => Number(number.toPrecision(4));
  const rows = table.figures.map((row) => ({
    ...row,
    measured: rounded(row.measured),
    beside: rounded(row.beside),
    ratio: rounded(row.ratio),
  }));
  writeFileSync(written, `${JSON.stringify({ ...head, rows }, undefined, 1)}\n`);
  return { ...head, rows };
}

/** Lines about the ratios that are worse than those of the committed table. */
export function compare(figures) {
  if (!existsSync(committed)) return [`No table is committed yet: ${written} becomes one as ${committed}.`];
  const last = JSON.parse(readFileSync(committed, 'utf8'));
  if (figures.problem || last.problem) return [`Not compared with ${committed}: ${figures.problem ?? last.problem}.`];
  const name = ({ what, against }) => `${what} / ${against}`;
  const before = new Map(last.rows.map((row) => [name(row), row]));
  const worse = figures.rows.flatMap((row) => {
    const old = before.get(name(row));
    if (!old) return [];
    const change = row.more ? old.ratio / row.ratio - 1 : row.ratio / old.ratio - 1;
    if (change <= allowed) return [];
    return [`  ${name(row)}: ${old.ratio.toFixed(2)} -> ${row.ratio.toFixed(2)}, ${Math.round(change * 100)}% worse`];
  });
  const beside = `${committed} (${last.date}, ${last.commit}${last.quick === figures.quick ? '' : ', of another length'})`;
  if (worse.length === 0) return [`No ratio is more than a tenth worse than in ${beside}.`];
  return [`More than a tenth worse than in ${beside}:`, ...worse];
}
