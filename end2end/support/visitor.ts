// Somebody who speaks raw HTTP with the release build: one server, or several that share a database, each request going
// to the next one. What a browser would refuse to send can be sent.
import { type IncomingHttpHeaders, request } from 'node:http';

export type Form = Record<string, string>;
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

let visitors = 0;

export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Where they come from, as the proxy before the server says. */
  readonly address: string;
  private turn = 0;

  constructor(
    private readonly servers: string[],
    address?: string,
  ) {
    visitors += 1;
    this.address = address ?? `10.${process.pid % 250}.${Math.floor(visitors / 250)}.${visitors % 250}`;
  }

  /** The same cookies in another tab or another tool. */
  twin(): Visitor {
    const twin = new Visitor(this.servers, this.address);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    return twin;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, '', headers);
  }

  /** Calls a server function. */
  call(endpoint: string, form: Form = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.send('POST', `/api/${endpoint}`, new URLSearchParams(form).toString(), { ...type, ...headers });
  }

  send(method: string, path: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> {
    const base = new URL(this.servers[this.turn++ % this.servers.length]);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all: Record<string, string> = { 'x-forwarded-for': this.address, ...(cookie ? { cookie } : {}), ...headers };
    for (const [name, value] of Object.entries(all)) if (value === '') delete all[name];
    const options = { host: base.hostname, port: base.port, method, path, headers: all, agent: false } as const;
    return new Promise((done, fail) => {
      const sent = request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', fail);
        answer.on('end', () => {
          for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
          done({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() });
        });
      });
      sent.on('error', fail);
      sent.end(body);
    });
  }

  private keep(line: string): void {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const over = attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute));
    if (over || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
