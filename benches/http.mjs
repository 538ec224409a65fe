// HTTP as a browser without JavaScript speaks it: bodies as they are sent, cookies, redirects and forms.
import { Agent, request as send } from 'node:http';

/** One request; the body is what was sent, still compressed. */
export function request(url, { method = 'GET', headers = {}, body, agent } = {}) {
  return new Promise((done, fail) => {
    const sent = send(url, { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
      answer.on('error', fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

export const get = (url, headers = {}) => request(url, { headers });

/** One person's browser, with one connection. */
export class Browser {
  cookies = new Map();
  /** Seconds that its requests took. */
  waited = 0;

  /** The server sees `address` as the client's, as if it were behind a proxy. */
  constructor(url, address) {
    this.url = url;
    this.address = address;
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  get(path) {
    return this.#follow(path, {});
  }

  /** Fills in and sends the form with the named button. */
  submit(page, button, values) {
    const form = formWith(page, button);
    const body = new URLSearchParams({ ...form.values, ...values }).toString();
    return this.#follow(form.action, { method: 'POST', body }, page.path);
  }

  close() {
    this.agent.destroy();
  }

  async #follow(path, { method, body }, referrer) {
    const answer = await this.#send(path, { method, body }, referrer);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [name, value] = line.split(';')[0].split('=');
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const { location } = answer.headers;
    if (location) {
      const { pathname, search } = new URL(location, this.url);
      return this.#follow(pathname + search, {});
    }
    return { path: path.split('?')[0], status: answer.status, headers: answer.headers, html: answer.body.toString().replace(/<!.*?>/g, '') };
  }

  async #send(path, { method, body }, referrer) {
    const headers = {
      Accept: 'text/html',
      Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'X-Forwarded-For': this.address,
    };
    if (body !== undefined) {
      Object.assign(headers, {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: this.url,
        Referer: this.url + referrer,
        'Sec-Fetch-Site': 'same-origin',
      });
    }
    const began = performance.now();
    try {
      return await request(this.url + path, { method, headers, body, agent: this.agent });
    } finally {
      this.waited += (performance.now() - began) / 1e3;
    }
  }
}

/** The address of the form with the named button, and what stands in it already. */
function formWith(page, button) {
  for (const [, attributes, content] of page.html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
    const buttons = [...content.matchAll(/<button\b[^>]*>(.*?)<\/button>/gs)].map(([, name]) => text(name));
    if (!buttons.includes(button)) continue;
    const values = {};
    for (const [, input] of content.matchAll(/<input\b([^>]*)>/g)) {
      if (attribute(input, 'type') !== 'checkbox') values[attribute(input, 'name')] = attribute(input, 'value') ?? '';
    }
    for (const [, select, options] of content.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
      values[attribute(select, 'name')] = attribute(options, 'value');
    }
    return { action: attribute(attributes, 'action'), values };
  }
  throw new Error(`no form with the button ${button} on ${page.path} (${page.status}):\n${text(page.html)}`);
}

function attribute(tag, name) {
  const value = tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
  return value === undefined ? undefined : unescape(value);
}

/** What can be read on a page. */
export const text = (html) => unescape(html.replace(/<(script|template)\b.*?<\/\1>|<[^>]*>/gs, ' ').replace(/\s+/g, ' ').trim());

const unescape = (text) =>
  text.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'");
