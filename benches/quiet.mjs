// Whether the machine has nothing else to do. Beside other work even ratios are noise.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What may be busy while nothing is measured. */
const allowed = 0.1;

function times() {
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/\s+/).map(Number);
  const all = ticks.slice(0, 8).reduce((sum, one) => sum + one);
  // Idle, and idle while a disk is waited for.
  return { all, idle: ticks[3] + ticks[4] };
}

/** The share of all cores that is busy now, over three seconds. */
export async function busyShare() {
  const before = times();
  await sleep(3_000);
  const after = times();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Why nothing that is measured now can be compared with anything; nothing where it can. */
export async function whyNotComparable() {
  const busy = await busyShare();
  if (busy <= allowed) return undefined;
  return `the machine was ${Math.round(busy * 100)}% busy with other work (${Math.round(allowed * 100)}% is allowed)`;
}
