// Servers that are killed in the middle of sending: what was promised arrives, and what arrives twice is the same.
// FAULT_SEED repeats a run's choices, FAULT_SENDS sends more.
import { setTimeout as pause } from 'node:timers/promises';
import { Hurt, attempt } from '../support/faults';
import { codeIn } from '../support/mailbox';
import type { Person } from '../support/people';
import { seeded } from '../support/random';
import type { Mail } from '../support/smtp';
import { expect, ok, test } from '../support/target';
import type { Visitor } from '../support/visitor';

const audience = 'customer';
const sends = Number(process.env.FAULT_SENDS ?? 200);
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const kills = 6;
// Of one account within ten minutes: less than its limit.
const each = 10;

/** A sign-in that was told to wait for its code. */
type Promised = { person: Person; visitor: Visitor; reference: string };

const marked = (mail: Mail, { person, reference }: Promised) =>
  mail.to.includes(person.email) && mail.text.includes(`Reference: ${reference}`);

test('killed at random points of two hundred sends, every promised code arrives, and repeats are the same', async ({ storage }) => {
  test.setTimeout(180_000);
  console.log(`${storage}: FAULT_SEED=${seed}`);
  const random = seeded(seed);
  const target = await Hurt.start(storage);
  try {
    const people: Person[] = [];
    const most = Math.ceil(sends / each);
    const lane = async () => {
      while (people.length < most) people.push((await target.enrolled()).person);
    };
    await Promise.all(Array.from({ length: 4 }, lane));
    const before = target.mailServer.mails.length;
    const codes = () => target.mailServer.mails.slice(before).filter(({ text }) => text.includes('Reference: '));
    // Slow enough for a kill to come between greeting, recipient, message and answer.
    target.mailServer.pace = () => random() * 120;

    const asked = new Map<string, number>();
    const promised: Promised[] = [];
    const turns = Array.from({ length: sends }, (_, turn) => people[turn % people.length]);
    let [over, down, killed] = [false, false, 0];
    const ask = async () => {
      for (let person = turns.pop(); person; person = turns.pop()) {
        // A turn is for a server that stands, or all would be over at the first kill.
        while (down) await pause(20);
        const visitor = target.visitor();
        asked.set(person.email, (asked.get(person.email) ?? 0) + 1);
        const answer = await attempt(visitor, 'login/log_in', { audience, ...person });
        // Whoever got no answer was promised nothing, though a code may come.
        if (answer && answer.status < 400) promised.push({ person, visitor, reference: await referenceOf(visitor) });
      }
    };
    const kill = async () => {
      for (; killed < kills; killed++) {
        await pause(100 + random() * 700);
        if (over) return;
        down = true;
        await Promise.all(target.servers.map((server) => server.crash(['serve'])));
        down = false;
      }
    };
    const asking = Promise.all(Array.from({ length: 6 }, ask)).finally(() => (over = true));
    await Promise.all([asking, kill()]);
    target.mailServer.pace = () => 0;
    expect(killed).toBeGreaterThan(1);
    expect(promised.length).toBeGreaterThan(sends / 2);

    // What a killed server had in hand is free again after 30 seconds.
    const missing = () => promised.filter((one) => !codes().some((mail) => marked(mail, one))).map(({ reference }) => reference);
    await expect.poll(missing, { timeout: 45_000, intervals: [250], message: 'promised codes that did not arrive' }).toEqual([]);

    const [first, repeats] = [new Map<string, Mail>(), new Set<string>()];
    for (const mail of codes()) {
      const id = mail.parsed.messageId ?? '';
      expect(id).not.toBe('');
      const same = first.get(id);
      if (same) repeats.add(id);
      else first.set(id, mail);
      expect([mail.text, mail.to, mail.parsed.date], 'a repeat is another message').toEqual(
        [same ?? mail].flatMap(({ text, to, parsed }) => [text, to, parsed.date]),
      );
    }
    // A repeat under another Message-ID would be one message more than anybody asked for.
    for (const [email, times] of asked) {
      expect([...first.values()].filter(({ to }) => to.includes(email)).length, email).toBeLessThanOrEqual(times);
    }
    for (const one of promised) {
      // Two sign-ins of a person may have drawn the same letters: then one of the codes is right.
      const theirs = [...first.values()].filter((mail) => marked(mail, one)).map(({ text }) => codeIn(text));
      const answers = [];
      for (const code of theirs) answers.push((await one.visitor.twin().call('login/verify', { audience, code })).status);
      expect(answers.filter((status) => status < 400), `${one.reference}: ${answers}`).toHaveLength(1);
    }
    console.log(`${storage}: ${killed} kills, ${promised.length} of ${sends} promised, ${first.size} arrived, ${repeats.size} of them more than once`);
  } finally {
    await target.stop();
  }
});

/** The letters on the code screen, as soon as there is a server again. */
async function referenceOf(visitor: Visitor): Promise<string> {
  for (;;) {
    const screen = await attempt(visitor, 'challenge/screen', { audience, purpose: 'sign_in' });
    if (!screen || screen.status === 503) {
      await pause(50);
      continue;
    }
    return (JSON.parse(ok(screen).text) as { reference: string }).reference;
  }
}
