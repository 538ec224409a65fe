// Ports for programs that cannot be asked which one the system gave them.
import { createServer } from 'node:net';

// Two runs side by side begin at different ones.
let next = process.pid;

/**
 * A free port of this worker's own thousand. Not one that the system hands out: between its being free and its being
 * taken it would be handed to somebody else, now and then to another server, which then answered in place of this one.
 */
export async function freePort(): Promise<number> {
  const first = 10_000 + (Number(process.env.TEST_PARALLEL_INDEX ?? 0) % 10) * 1_000;
  for (;;) {
    const port = first + (next++ % 1_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(false) : fail(error)));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}
