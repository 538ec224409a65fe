// Security keys of software, plugged into a page's browser (the WebAuthn domain of its developer tools).
import type { CDPSession, Page } from '@playwright/test';

type Credential = { credentialId: string; isResidentCredential: boolean; rpId?: string; privateKey: string; signCount: number };

/** Where browsers allow passkeys: they take no IP address. */
export const byName = (url: string) => url.replace('127.0.0.1', 'localhost');

/** A browser's sockets for security keys. One key at a time is plugged in, and whoever it asks says yes. */
export class Keys {
  private plugged?: string;

  private constructor(private readonly devtools: CDPSession) {}

  static async of(page: Page): Promise<Keys> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    return new Keys(devtools);
  }

  /** Plugs in a key, an empty one unless it is given what another one held, in place of the one before. */
  async plugIn(held: Credential[] = []): Promise<void> {
    await this.unplug();
    const { authenticatorId } = await this.devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: false,
        hasUserVerification: false,
        automaticPresenceSimulation: true,
      },
    });
    for (const credential of held) await this.devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
    this.plugged = authenticatorId;
  }

  /** What the key holds, for plugging it in again or for a copy of it. */
  async held(): Promise<Credential[]> {
    if (!this.plugged) return [];
    const { credentials } = await this.devtools.send('WebAuthn.getCredentials', { authenticatorId: this.plugged });
    return credentials.map(({ credentialId, isResidentCredential, rpId, privateKey, signCount }) => ({
      credentialId,
      isResidentCredential,
      rpId,
      privateKey,
      signCount,
    }));
  }

  /** Lets the key sign wrongly from now on. */
  async breakIt(): Promise<void> {
    if (!this.plugged) return;
    await this.devtools.send('WebAuthn.setResponseOverrideBits', { authenticatorId: this.plugged, isBogusSignature: true });
  }

  async unplug(): Promise<void> {
    if (this.plugged) await this.devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.plugged });
    this.plugged = undefined;
  }
}
