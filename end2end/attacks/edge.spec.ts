// Before anybody is known: broken requests, foreign names, crafted links, connections that say nothing.
import { stat } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { expect, ok, test } from '../support/target';

const login = { audience: 'customer', email: 'nobody@people.example', password: 'x' };

test('changes refuse GET and calls from other sites', async ({ target }) => {
  const { visitor } = await target.enrolled();
  expect((await visitor.get('/api/login/log_out?audience=customer')).status).toBeGreaterThanOrEqual(400);
  for (const [name, value] of [
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
    ['origin', 'https://evil.example'],
  ]) {
    expect((await visitor.call('login/log_out', { audience: 'customer' }, { [name]: value })).status).toBe(403);
  }
  expect(await target.isIn(visitor)).toBe(true);
});

test('malformed requests are answered 400, 413, 415, 421 or 422, and authorisation comes first', async ({ target }) => {
  const visitor = target.visitor();
  const form = 'application/x-www-form-urlencoded';
  const send = (path: string, body: string, type: string, headers = {}) =>
    visitor.send('POST', path, body, { 'content-type': type, ...headers });
  expect((await send('/api/login/log_in', '%', form)).status).toBe(400);
  expect((await send('/api/login/log_in', 'audience=%ff', form)).status).toBe(400);
  expect((await send('/api/login/log_in', JSON.stringify(login), 'application/json')).status).toBe(415);
  expect((await send('/api/login/log_in', 'audience=customer', 'text/plain')).status).toBe(415);
  expect((await send('/api/login/log_in', '', form)).status).toBe(422);
  expect((await send('/api/login/log_in', `x=${'y'.repeat(70_000)}`, form)).status).toBe(413);
  expect((await send('/api/policy/set_allowed', '%', form)).status).toBe(401);
  expect((await visitor.get('/login', { host: 'evil.example' })).status).toBe(421);
  expect((await visitor.get('/login', { host: 'a b' })).status).toBe(400);
});

test('no text of a crafted link is shown', async ({ target }) => {
  const words = 'Call +1 555 0100 to unlock your account';
  const errors = [
    JSON.stringify({ Internal: { id: words } }),
    `Invalid|${words}`,
    Buffer.from(JSON.stringify({ Invalid: { fields: [], typed: { email: words } } })).toString('base64url'),
  ];
  for (const page of ['/login', '/admin/login', '/login/forgot']) {
    for (const error of errors) {
      const query = new URLSearchParams({ __path: '/api/login/log_in', __err: error, email: words, title: words });
      const answer = await target.visitor().get(`${page}?${query}`);
      expect(answer.text).not.toContain('555 0100');
    }
  }
});

test('fifteen hundred connections that say nothing leave the server answering', async ({ target }) => {
  const { hostname, port } = new URL(target.servers[0].url);
  const sockets: Socket[] = [];
  try {
    await Promise.all(
      Array.from({ length: 1500 }, () => {
        const socket = connect(Number(port), hostname).on('error', () => {});
        sockets.push(socket);
        return new Promise((done) => socket.once('connect', done).once('close', done));
      }),
    );
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    expect((await target.visitor().get('/healthz')).status).toBe(200);
    expect((await target.visitor().call('login/log_in', login)).status).toBe(401);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('three hundred requests whose end does not come leave the server answering', async ({ target }) => {
  const { hostname, port } = new URL(target.servers[0].url);
  const sockets: Socket[] = [];
  const head = (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\na=b`;
  try {
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => {
        const socket = connect(Number(port), hostname).on('error', () => {});
        sockets.push(socket);
        return new Promise((done) => socket.write(head(n % 2 ? '/login' : '/api/login/log_in'), done));
      }),
    );
    expect((await target.visitor().get('/login')).status).toBe(200);
    expect((await target.visitor().call('login/log_in', login)).status).toBe(401);
    expect(sockets.filter(({ bytesRead }) => bytesRead > 0), 'nobody had to wait for the end of these').toEqual([]);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('a missing file is not cached, and readiness needs nothing but the database', async ({ target }) => {
  const missing = await target.visitor().get('/pkg/nothing.0123456789abcdef.js');
  expect(missing.status).toBe(404);
  expect(missing.headers['cache-control']).toContain('no-store');
  expect((await target.visitor().get('/readyz', { host: '10.1.2.3' })).status).toBe(200);
});

test('only the owner of the server reads its data', async ({ target }) => {
  const { dataDir } = target.servers[0];
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(dataDir).filter((name) => /db|key/.test(name))) {
    expect((await stat(join(dataDir, file))).mode & 0o077, file).toBe(0);
  }
});

test('pages carry their policy, private ones are not kept, and answers say nothing internal', async ({ target }) => {
  const { visitor } = await target.enrolled();
  const page = ok(await visitor.get('/account'));
  const policy = String(page.headers['content-security-policy']);
  for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "'nonce-"]) expect(policy).toContain(part);
  expect(page.headers['cache-control']).toContain('no-store');
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  const links = await visitor.get('//evil.example/%5c..', {});
  expect(String(links.headers.location ?? '')).not.toMatch(/^(https?:)?\/\/(?!127\.)/);
});
