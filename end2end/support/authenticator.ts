// An authenticator app that is not ours: Debian's oathtool.
import { execFileSync } from 'node:child_process';

const step = 30_000;

export class AuthenticatorApp {
  private last = 0;

  /** The seed as the page shows it, in groups of four. */
  constructor(private readonly key: string) {}

  private at(step_: number): string {
    const now = `@${(step_ * step) / 1000}`;
    const made = execFileSync('oathtool', ['--totp', '--base32', '--now', now, this.key.replaceAll(' ', '')]);
    return made.toString().trim();
  }

  /** A code that was not used yet. Servers accept that of the next step too, so that two are there without waiting. */
  next(): string {
    this.last = Math.max(this.last + 1, Math.floor(Date.now() / step));
    return this.at(this.last);
  }

  /** The code that was used last. */
  again(): string {
    return this.at(this.last);
  }

  /** A code of another time. */
  wrong(): string {
    return this.at(Math.floor(Date.now() / step) + 1000);
  }
}
