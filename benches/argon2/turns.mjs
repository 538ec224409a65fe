// One password hash of the server beside one of Debian's libargon2, with the same cost, in turns.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { median, milliseconds } from '../table.mjs';

const ours = resolve('target/dist/examples/hash_time');
const theirs = resolve('target/bench/argon2/turns');
const turns = 60;

/** A program that hashes when it is told to. */
class Hasher {
  constructor(program, args) {
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Seconds of one hash. */
  async hash() {
    this.child.stdin.write('\n');
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.child.spawnfile} ended early`);
    return Number(value);
  }

  stop() {
    this.child.stdin.end();
  }
}

/** Adds the row. */
export async function compareHashes(table) {
  const hashers = [new Hasher(ours, ['--turns']), new Hasher(theirs, [])];
  const times = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    for (const [which, hasher] of hashers.entries()) times[which].push(await hasher.hash());
  }
  for (const hasher of hashers) hasher.stop();
  // The first turns make the memory.
  const [one, other] = times.map((seconds) => median(seconds.slice(5)));
  table.add('one hash', one, other, "Debian's libargon2 (goal: 1.10)", milliseconds);
}
