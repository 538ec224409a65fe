// A real SMTP server on loopback that behaves as well or as badly as a test wants.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { test as base } from '@playwright/test';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export type Behaviour =
  | 'accept'
  | 'refuse-recipient' // 550: this address will never work
  | 'defer' // 451: try again later
  | 'slow' // the message is taken, after seven seconds
  | 'greet-late' // the greeting comes after seven seconds
  | 'hang' // the connection is accepted and nothing more is said
  | 'drop' // the connection is closed at once
  | 'drop-after-data'; // the message is taken, but its sender is not told

export type Mail = {
  from: string;
  /** The recipients of the envelope. */
  to: string[];
  subject: string;
  text: string;
  html: string;
  /** Whether it came through TLS. */
  encrypted: boolean;
  /** Who had signed in to send it. */
  user?: string;
  parsed: ParsedMail;
};

export type MailServerOptions = {
  /** With a certificate that nobody trusts, where there is TLS at all. */
  encryption?: 'none' | 'starttls' | 'tls';
  /** Where given, nothing is accepted without signing in with it. */
  login?: { user: string; password: string };
};

type Refusal = Error & { responseCode: number };

export class MailServer {
  readonly host = '127.0.0.1';
  port = 0;
  /** All that arrived, oldest first. */
  readonly mails: Mail[] = [];

  private readonly connections = new Set<() => void>();
  private readonly taken = new Set<Mail>();
  private readonly arrivals = new Set<() => void>();
  private readonly sockets = new Map<number, Socket>();
  private smtp?: SMTPServer;
  private current: Behaviour = 'accept';
  /** Milliseconds before each answer, where a test wants to come in between. */
  pace: () => number = () => 0;

  /** May be changed at any time; holds from the next connection or command on. */
  get behaviour(): Behaviour {
    return this.current;
  }

  set behaviour(behaviour: Behaviour) {
    this.current = behaviour;
    // What happens at a connection's beginning would not happen on one that was kept.
    const atFirst = ['hang', 'drop', 'greet-late'].includes(behaviour);
    if (atFirst) for (const socket of this.sockets.values()) socket.destroy();
  }

  private constructor(private readonly options: MailServerOptions) {}

  private create(): SMTPServer {
    const { encryption = 'none', login } = this.options;
    const smtp = new SMTPServer({
      secure: encryption === 'tls',
      disabledCommands: encryption === 'starttls' ? [] : ['STARTTLS'],
      authOptional: !login,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      closeTimeout: 200,
      logger: false,
      onConnect: (session, done) => {
        for (const connected of [...this.connections]) connected();
        this.connections.clear();
        if (this.behaviour === 'hang') return;
        if (this.behaviour === 'drop') return this.drop(session);
        if (this.behaviour === 'greet-late') return void setTimeout(done, 7_000);
        setTimeout(done, this.pace());
      },
      onAuth: (auth, _session, done) => {
        const right = !login || (auth.username === login.user && auth.password === login.password);
        return right ? done(null, { user: auth.username }) : done(refusal(535, '5.7.8 wrong user name or password'));
      },
      onRcptTo: (_address, _session, done) => {
        if (this.behaviour === 'refuse-recipient') return done(refusal(550, '5.1.1 no such mailbox'));
        if (this.behaviour === 'defer') return done(refusal(451, '4.3.0 try again later'));
        setTimeout(done, this.pace());
      },
      onData: async (stream, session, done) => {
        try {
          const parsed = await simpleParser(stream);
          await pause(this.pace());
          this.accept(parsed, session);
        } catch (error) {
          return done(error as Error);
        }
        if (this.behaviour === 'drop-after-data') return this.drop(session);
        if (this.behaviour === 'slow') return void setTimeout(done, 7_000);
        setTimeout(done, this.pace());
      },
    });
    // A client that goes away, or that does not trust the certificate, is no failure of the test's.
    smtp.on('error', () => {});
    smtp.server.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.sockets.set(port, socket);
      socket.on('close', () => this.sockets.delete(port));
    });
    return smtp;
  }

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    await server.start();
    return server;
  }

  /** Listens, on the same port as before where it was stopped. */
  async start(): Promise<void> {
    const smtp = this.create();
    smtp.listen(this.port, this.host);
    await once(smtp.server, 'listening');
    this.port = (smtp.server.address() as AddressInfo).port;
    this.smtp = smtp;
  }

  async stop(): Promise<void> {
    const smtp = this.smtp;
    this.smtp = undefined;
    for (const socket of this.sockets.values()) socket.destroy();
    await new Promise<void>((done) => (smtp ? smtp.close(done) : done()));
  }

  /**
   * The oldest mail to this address that no earlier call has returned; waits for it where it has not
   * come yet. Asking again therefore waits for the next one.
   */
  async waitForMail(to: string, timeout = 10_000): Promise<Mail> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const mail = this.mails.find((mail) => mail.to.includes(to) && !this.taken.has(mail));
      if (mail) {
        this.taken.add(mail);
        return mail;
      }
      const left = deadline - Date.now();
      if (left <= 0) {
        const seen = this.mails.map((mail) => `${mail.to}: ${mail.subject}`);
        throw new Error(`no new mail to ${to} within ${timeout} ms; arrived so far: ${JSON.stringify(seen)}`);
      }
      await this.arrival(left);
    }
  }

  /** Waits until somebody connects. */
  waitForConnection(): Promise<void> {
    return new Promise((done) => this.connections.add(done));
  }

  private accept(parsed: ParsedMail, session: SMTPServerSession) {
    const { mailFrom, rcptTo } = session.envelope;
    this.mails.push({
      from: mailFrom ? mailFrom.address : '',
      to: rcptTo.map((recipient) => recipient.address),
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html || '',
      encrypted: session.secure,
      user: session.user as string | undefined,
      parsed,
    });
    for (const arrived of [...this.arrivals]) arrived();
  }

  private drop(session: SMTPServerSession) {
    this.sockets.get(session.remotePort)?.destroy();
  }

  private arrival(timeout: number): Promise<void> {
    return new Promise((done) => {
      const arrived = () => {
        clearTimeout(timer);
        this.arrivals.delete(arrived);
        done();
      };
      const timer = setTimeout(arrived, timeout);
      this.arrivals.add(arrived);
    });
  }
}

function refusal(responseCode: number, message: string): Refusal {
  return Object.assign(new Error(message), { responseCode });
}

export const test = base.extend<{ mailOptions: MailServerOptions; mailServer: MailServer }>({
  mailOptions: [{}, { option: true }],
  mailServer: async ({ mailOptions }, use) => {
    const server = await MailServer.start(mailOptions);
    await use(server);
    await server.stop();
  },
});
