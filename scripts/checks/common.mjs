// What the checks of documents and files share.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The text of a file of the project. */
export const read = (path) => readFileSync(join(root, path), 'utf8');

/** The files of the project, or those of a folder: what git has, and what is new and not ignored. */
export function files(...paths) {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z', '--', ...paths];
  return execFileSync('git', options, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean).sort();
}

/** Collects problems; `done` prints them and ends the process, with a failure where there are some. */
export function problems(title) {
  const found = [];
  return {
    report: (problem) => found.push(problem),
    done: () => {
      for (const problem of found) console.error(`${title}: ${problem}`);
      if (found.length === 0) console.log(`${title}: fine`);
      process.exit(found.length === 0 ? 0 : 1);
    },
  };
}
