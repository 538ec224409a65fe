// Prints the ten slowest browser tests, or those that failed and why: browser-report.mjs slowest|failed REPORT.json
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const [, , what, file] = process.argv;
const report = JSON.parse(readFileSync(file, 'utf8'));

function* tests(suite) {
  for (const inner of suite.suites ?? []) yield* tests(inner);
  for (const { file, title, tests: runs } of suite.specs ?? []) {
    for (const { projectName, status, results } of runs) {
      const seconds = results.reduce((sum, { duration }) => sum + duration, 0) / 1000;
      yield { seconds, status, results, name: `${file} [${projectName}] ${title}` };
    }
  }
}

const all = [...tests(report)];
if (what === 'slowest') {
  all.sort((a, b) => b.seconds - a.seconds);
  for (const { seconds, name } of all.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(7)}s  ${name}`);
} else {
  for (const { message } of report.errors) console.log(stripVTControlCharacters(message).split('\n')[0]);
  for (const { name, results } of all.filter(({ status }) => status === 'unexpected')) {
    console.log(name);
    for (const { message, location } of results.flatMap(({ errors }) => errors)) {
      const lines = stripVTControlCharacters(message ?? '').split('\n').filter((line) => line.trim());
      for (const line of lines.slice(0, 12)) console.log(`    ${line.slice(0, 160)}`);
      if (location) console.log(`    at ${location.file.split('/end2end/').pop()}:${location.line}`);
    }
  }
}
