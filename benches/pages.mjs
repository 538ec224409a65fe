// A page that checks its session, and the page that says that the process lives, beside a handler that does nothing.
import { Browser } from './http.mjs';
import { createPerson, enterPassword } from './sign-in.mjs';
import { median, milliseconds, perSecond } from './table.mjs';

/** Reads an address again and again. Returns the seconds of each answer, and answers in a second. */
async function readFor(seconds, browsers, path) {
  const times = [];
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1e3;
  const reader = async (browser) => {
    while (elapsed() < seconds) {
      const before = browser.waited;
      const { status } = await browser.get(path);
      if (status !== 200) throw new Error(`${path} was answered with ${status}`);
      times.push(browser.waited - before);
    }
  };
  await Promise.all(browsers.map(reader));
  return { times, perSecond: times.length / elapsed() };
}

/** Adds the rows. `empty` is the empty page's server, which has such a handler. */
export async function measurePages(table, { server, empty, number, runCommand, seconds, atOnce }) {
  const person = await createPerson(number, runCommand);
  const signedIn = new Browser(server.url, person.address);
  await enterPassword(signedIn, person);
  const others = Array.from({ length: atOnce }, () => {
    const browser = new Browser(server.url, person.address);
    browser.cookies = signedIn.cookies;
    return browser;
  });
  const bare = Array.from({ length: atOnce }, () => new Browser(empty.url, person.address));
  const turns = [
    ['Account Settings, session checked', others, '/account'],
    ['/healthz', others, '/healthz'],
  ];
  for (const [name, browsers, path] of turns) {
    const rows = [];
    for (const count of [1, atOnce]) {
      const ours = await readFor(seconds / 2, browsers.slice(0, count), path);
      const theirs = await readFor(seconds / 2, bare.slice(0, count), '/constant');
      rows.push([ours, theirs]);
    }
    const [[one, bareOne], [many, bareMany]] = rows;
    const against = 'bare axum handler';
    table.add(`${name}: p50, one at a time`, median(one.times), median(bareOne.times), against, milliseconds);
    table.add(`${name}: throughput`, many.perSecond, bareMany.perSecond, against, perSecond);
  }
  for (const browser of [signedIn, ...others, ...bare]) browser.close();
}
