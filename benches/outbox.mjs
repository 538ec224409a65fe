// Messages on their way out, beside a loop that does nothing but send by lettre, to the same mail server and in turns.
import { resolve } from 'node:path';
import { run } from './process.mjs';
import { median, milliseconds, perSecond, quantile } from './table.mjs';

const program = resolve('target/dist/examples/outbox');
const p99 = (times) => quantile(times, 0.99);

/** Adds the outbox to the table. */
export async function measureOutbox(table) {
  const { click, bare, asItComes, drain, bareDrain } = JSON.parse(await run(program, []));
  const loops = [
    ['lettre loop', asItComes],
    ['lettre loop, TCP_NODELAY', bare],
  ];
  for (const [name, times] of loops) {
    table.add('click to accepted: p50', median(click), median(times), name, milliseconds);
    table.add('click to accepted: p99', p99(click), p99(times), name, milliseconds);
  }
  const drained = median(drain.map((turn) => turn.perSecond));
  const slowest = median(drain.map((turn) => p99(turn.times)));
  const alone = asItComes.length / asItComes.reduce((sum, time) => sum + time);
  table.add('500 waiting: drained', drained, alone, 'lettre loop', perSecond);
  table.add('500 waiting: p99 between two', slowest, p99(asItComes), 'lettre loop', milliseconds);
  const bestDrained = median(bareDrain.map((turn) => turn.perSecond));
  const bestSlowest = median(bareDrain.map((turn) => p99(turn.times)));
  table.add('500 waiting: drained', drained, bestDrained, 'lettre loop, TCP_NODELAY', perSecond);
  table.add('500 waiting: p99 between two', slowest, bestSlowest, 'lettre loop, TCP_NODELAY', milliseconds);
}
