// Prints the ten slowest browser tests, with the file and project of each: slowest.mjs REPORT.json
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function* tests(suite) {
  for (const inner of suite.suites ?? []) yield* tests(inner);
  for (const { file, title, tests: runs } of suite.specs ?? []) {
    for (const { projectName, results } of runs) {
      const seconds = results.reduce((sum, { duration }) => sum + duration, 0) / 1000;
      yield { seconds, name: `${file} [${projectName}] ${title}` };
    }
  }
}

const all = [...tests(report)].sort((a, b) => b.seconds - a.seconds);
for (const { seconds, name } of all.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(7)}s  ${name}`);
