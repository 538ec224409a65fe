// What the demo's mailbox holds, asked for by the request that its page repeats, so that no page has to be opened.
import { type Page, expect } from '@playwright/test';

export type Message = { subject: string; from: string; to: string; text: string };

const article = /<article class="mail panel"><h2>(.*?)<\/h2><p class="mail-meta">(.*?) → (.*?)<\/p><pre>(.*?)<\/pre>/gs;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
const plain = (html: string) => html.replace(/&(#?\w+);/g, (all, name: string) => entities[name] ?? all);

/** All messages, newest first. */
export async function messages(page: Page): Promise<Message[]> {
  const html = await (await page.request.get('/demo/mailbox/list')).text();
  return [...html.matchAll(article)].map(([, ...parts]) => {
    const [subject, from, to, text] = parts.map(plain);
    return { subject, from, to, text };
  });
}

/** The newest message with these words to somebody, as soon as it has arrived. */
export async function messageTo(page: Page, to: string, words: string): Promise<Message> {
  let found: Message | undefined;
  await expect
    .poll(
      async () => {
        const all = await messages(page);
        found = all.find((mail) => mail.to === to && `${mail.subject}\n${mail.text}`.includes(words));
        return found ? words : all.map((mail) => `${mail.to}: ${mail.subject}`);
      },
      { message: `a message to ${to}`, timeout: 15_000 },
    )
    .toBe(words);
  return found as Message;
}

/** The code in a message. */
export function codeIn(text: string): string {
  const code = text.match(/^\s*(\d{6})\s*$/m)?.[1];
  if (!code) throw new Error(`no code in this message:\n${text}`);
  return code;
}

/** The first address in a message that has these words in it. */
export function linkIn(text: string, words = ''): string {
  const address = text.match(/https?:\/\/\S+/g)?.find((found) => found.includes(words));
  if (!address) throw new Error(`no link in this message:\n${text}`);
  return address;
}
