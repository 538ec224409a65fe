// A thousand people who send their password at the same moment: each is answered, with the page behind it or with the word
// to try again, and the server stays small.
import { Browser, text } from './http.mjs';
import { password } from './sign-in.mjs';
import { count, megabytes } from './table.mjs';

const crowd = 1_000;

/** What became of somebody's password. */
async function answer(browser, page, person) {
  try {
    const { path, status, headers, html } = await browser.submit(page, 'Log in', { email: person.email, password });
    if (status === 200 && path !== '/login') return 'signed in';
    const refused = status === 503 ? headers['retry-after'] : text(html).includes("We're busy");
    return refused ? 'told to try again' : `answered with ${status}`;
  } catch (error) {
    return `not answered: ${error.message}`;
  }
}

/** Adds the rows. `limit` is the most that the server may hold, in bytes. */
export async function measureCrowd(table, { server, people, limit }) {
  const everyone = Array.from({ length: crowd }, (_, number) => ({
    person: people[number % people.length],
    browser: new Browser(server.url, `10.1.${number >> 8}.${number & 255}`),
  }));
  for (const one of everyone) one.page = await one.browser.get('/login');
  const memoryPeak = server.watchMemory();
  const answers = await Promise.all(everyone.map(({ browser, page, person }) => answer(browser, page, person)));
  const peak = memoryPeak();
  for (const { browser } of everyone) browser.close();

  const counted = new Map();
  for (const one of answers) counted.set(one, (counted.get(one) ?? 0) + 1);
  const good = ['signed in', 'told to try again'].map((what) => counted.get(what) ?? 0);
  table.add('1,000 at once: signed in or told to try again', good[0] + good[1], crowd, 'asked', count);
  table.add('1,000 at once: signed in', good[0], crowd, 'asked', count);
  table.add('1,000 at once: most memory', peak, limit, 'what it may be', megabytes);
  for (const [what, number] of counted) process.stderr.write(`bench: of ${crowd} at once, ${number} ${what}\n`);
}
