// An HTTP server on loopback that takes text messages as Twilio or any other gateway does, and keeps them.
import { type IncomingMessage, type Server as HttpServer, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test as base } from '@playwright/test';

export type Text = { to: string; text: string };

export type GatewayBehaviour =
  | 'accept'
  | 'refuse-number' // this number will never work
  | 'overload' // 429: try again later
  | 'break' // 500
  | 'garble' // a status of success, and an answer that nobody understands
  | 'hang'; // the request is taken and nothing is said

/** The account that Twilio's side of the gateway knows. */
export const account = { sid: 'AC0123456789abcdef0123456789abcdef', token: 'plum-anvil-harvest', sender: '+15005550006' };
/** The key that the other side asks for. */
export const key = 'granite-ribbon-thistle';

export class Gateway {
  /** May be changed at any time. */
  behaviour: GatewayBehaviour = 'accept';
  port = 0;
  /** All that arrived, oldest first. */
  readonly texts: Text[] = [];

  private readonly taken = new Set<Text>();
  private readonly http: HttpServer;

  private constructor() {
    this.http = createServer((request, response) => void this.take(request, response));
  }

  static async start(): Promise<Gateway> {
    const gateway = new Gateway();
    gateway.http.listen(0, '127.0.0.1');
    await once(gateway.http, 'listening');
    gateway.port = (gateway.http.address() as AddressInfo).port;
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise<void>((done) => this.http.close(() => done()));
  }

  /** The oldest text to this number that no earlier call has returned; waits for it where it has not come yet. */
  async waitForText(to: string, timeout = 10_000): Promise<string> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const found = this.texts.find((text) => text.to === to && !this.taken.has(text));
      if (found) {
        this.taken.add(found);
        return found.text;
      }
      if (Date.now() >= deadline) throw new Error(`no text to ${to}; arrived so far: ${JSON.stringify(this.texts)}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const answer = (status: number, content: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(content));
    if (this.behaviour === 'hang') return;
    if (this.behaviour === 'overload') {
      answer(429, { code: 20429, message: 'Too Many Requests' }, { 'retry-after': '7' });
      return;
    }
    if (this.behaviour === 'break') {
      answer(500, { code: 20500, message: 'Internal Server Error' });
      return;
    }
    if (this.behaviour === 'garble') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      return;
    }
    if (request.url === `/2010-04-01/Accounts/${account.sid}/Messages.json`) this.asTwilio(request, body, answer);
    else this.asAnyOther(request, body, answer);
  }

  private asTwilio(request: IncomingMessage, body: string, answer: (status: number, content: unknown) => void) {
    const login = `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString('base64')}`;
    if (request.method !== 'POST' || request.headers.authorization !== login) {
      return answer(401, { code: 20003, message: 'Authenticate', status: 401 });
    }
    const form = new URLSearchParams(body);
    const [to, text] = [form.get('To'), form.get('Body')];
    if (!to || !text || form.get('From') !== account.sender) {
      return answer(400, { code: 21603, message: 'something is missing', status: 400 });
    }
    if (this.behaviour === 'refuse-number') {
      return answer(400, { code: 21211, message: "The 'To' number is not a valid phone number", status: 400 });
    }
    this.texts.push({ to, text });
    answer(201, { sid: 'SM0123456789abcdef0123456789abcdef', status: 'queued', error_code: null });
  }

  private asAnyOther(request: IncomingMessage, body: string, answer: (status: number, content: unknown) => void) {
    if (request.method !== 'POST' || request.headers.authorization !== `Bearer ${key}`) {
      return answer(401, { error: 'who are you?' });
    }
    const { to, text } = JSON.parse(body) as Text;
    if (this.behaviour === 'refuse-number') return answer(200, { accepted: false, error: 'unknown number' });
    this.texts.push({ to, text });
    answer(200, { accepted: true });
  }
}

export const test = base.extend<{ gateway: Gateway }>({
  gateway: async ({}, use) => {
    const gateway = await Gateway.start();
    await use(gateway);
    await gateway.stop();
  },
});
