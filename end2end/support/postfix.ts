// Postfix as Debian has it, with a configuration, a queue and a port of its own: the package's own service is not touched.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { freePort } from './ports';

/** Why this machine cannot run it; nothing where it can. Postfix changes users, which only root may. */
export function whyNoPostfix(): string | undefined {
  if (process.getuid?.() !== 0) return 'Postfix is started by root alone';
  for (const program of ['postfix', 'saslpasswd2', 'openssl']) {
    try {
      execFileSync('which', [program], { stdio: 'ignore' });
    } catch {
      return `there is no ${program}: scripts/setup.sh test installs it`;
    }
  }
}

const domain = 'people.example';

export type PostfixOptions = {
  /** Where given, mail is taken only after STARTTLS, and after signing in by Cyrus SASL. */
  login?: { user: string; password: string };
};

export class Postfix {
  readonly host = '127.0.0.1';
  port = 0;

  private constructor(private readonly folder: string) {}

  /** The certificate of the authority that vouches for it, as a file. */
  get authority(): string {
    return join(this.folder, 'ca.pem');
  }

  static async start(options: PostfixOptions = {}): Promise<Postfix> {
    // Outside of the project, where the user postfix can reach it too.
    const postfix = new Postfix(mkdtempSync(join(tmpdir(), 'countersign-postfix-')));
    chmodSync(postfix.folder, 0o755);
    postfix.port = await freePort();
    postfix.configure(options);
    if (options.login) postfix.addLogin(options.login);
    postfix.run('start');
    return postfix;
  }

  /** Begins to listen again after `halt`. */
  again() {
    this.run('start');
  }

  /** Stops listening, and keeps what it has. */
  halt() {
    this.run('stop');
  }

  stop() {
    try {
      this.run('stop');
    } catch {
      // It was halted.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The mail that arrived for an address, oldest first. */
  async mails(to: string): Promise<ParsedMail[]> {
    const box = join(this.folder, 'mail', 'all', 'new');
    let names: string[] = [];
    try {
      names = readdirSync(box).sort();
    } catch {
      // The first mail makes it.
    }
    const mails = await Promise.all(names.map((name) => simpleParser(readFileSync(join(box, name)))));
    return mails.filter((mail) => mail.headers.get('x-original-to') === to);
  }

  /** The first of them with these words, once it is there. */
  async waitForMail(to: string, words: RegExp, timeout = 20_000): Promise<ParsedMail> {
    for (const deadline = Date.now() + timeout; ; ) {
      const found = (await this.mails(to)).find((mail) => words.test(mail.text ?? ''));
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`no mail to ${to} with ${words}:\n${this.log()}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** What it has done. */
  log(): string {
    try {
      return readFileSync(join(this.folder, 'log'), 'utf8');
    } catch {
      return '';
    }
  }

  private run(command: string) {
    execFileSync('postfix', ['-c', join(this.folder, 'etc'), command], { stdio: 'pipe' });
  }

  private configure({ login }: PostfixOptions) {
    const etc = join(this.folder, 'etc');
    for (const name of ['etc', 'etc/sasl', 'queue', 'data', 'mail']) mkdirSync(join(this.folder, name), { mode: 0o755 });
    const owner = Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' }));
    const group = Number(execFileSync('id', ['-g', 'postfix'], { encoding: 'utf8' }));
    for (const name of ['data', 'mail']) chownSync(join(this.folder, name), owner, group);
    const main: Record<string, string> = {
      compatibility_level: '3.6',
      queue_directory: join(this.folder, 'queue'),
      data_directory: join(this.folder, 'data'),
      maillog_file: join(this.folder, 'log'),
      maillog_file_prefixes: this.folder,
      inet_interfaces: this.host,
      inet_protocols: 'ipv4',
      myhostname: `mail.${domain}`,
      mydestination: '',
      alias_maps: '',
      alias_database: '',
      // Whatever comes for these domains lies in one folder.
      virtual_mailbox_domains: `${domain}, demo.example`,
      virtual_mailbox_base: join(this.folder, 'mail'),
      virtual_mailbox_maps: 'static:all/',
      virtual_minimum_uid: '1',
      virtual_uid_maps: `static:${owner}`,
      virtual_gid_maps: `static:${group}`,
      smtpd_relay_restrictions: 'permit_sasl_authenticated, reject_unauth_destination',
      smtpd_recipient_restrictions: login ? 'permit_sasl_authenticated, reject' : 'permit',
    };
    if (login) {
      this.certify();
      Object.assign(main, {
        smtpd_tls_security_level: 'encrypt',
        smtpd_tls_auth_only: 'yes',
        smtpd_tls_chain_files: join(etc, 'chain.pem'),
        smtpd_sasl_auth_enable: 'yes',
        smtpd_sasl_type: 'cyrus',
        smtpd_sasl_path: 'smtpd',
        smtpd_sasl_local_domain: domain,
        // Where Debian's looks anyway.
        cyrus_sasl_config_path: join(etc, 'sasl'),
      });
    }
    writeFileSync(join(etc, 'main.cf'), Object.entries(main).map(([name, value]) => `${name} = ${value}\n`).join(''));
    // Nothing but what takes mail and puts it into a folder; nothing of it is in a chroot.
    const services = [
      `${this.host}:${this.port} inet n - n - - smtpd`,
      'cleanup unix n - n - 0 cleanup',
      'qmgr unix n - n 300 1 qmgr',
      'tlsmgr unix - - n 1000? 1 tlsmgr',
      'rewrite unix - - n - - trivial-rewrite',
      'bounce unix - - n - 0 bounce',
      'defer unix - - n - 0 bounce',
      'trace unix - - n - 0 bounce',
      'verify unix - - n - 1 verify',
      'flush unix n - n 1000? 0 flush',
      'proxymap unix - - n - - proxymap',
      'error unix - - n - - error',
      'retry unix - - n - - error',
      'discard unix - - n - - discard',
      'virtual unix - n n - - virtual',
      'anvil unix - - n - 1 anvil',
      'scache unix - - n - 1 scache',
      'postlog unix-dgram n - n - 1 postlogd',
    ];
    writeFileSync(join(etc, 'master.cf'), services.map((line) => `${line}\n`).join(''));
  }

  /** A certificate for its address, from an authority of its own. */
  private certify() {
    const at = (name: string) => join(this.folder, name);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const authority = ['-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
    openssl('req', '-x509', ...key, ...authority, '-days', '2', '-keyout', at('ca.key'), '-out', at('ca.pem'));
    openssl('req', ...key, '-subj', `/CN=mail.${domain}`, '-keyout', at('key.pem'), '-out', at('csr.pem'));
    writeFileSync(at('ext'), `subjectAltName=IP:${this.host}\n`);
    const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext')];
    openssl('x509', '-req', '-in', at('csr.pem'), ...by, '-days', '2', '-out', at('cert.pem'));
    writeFileSync(join(this.folder, 'etc', 'chain.pem'), readFileSync(at('key.pem'), 'utf8') + readFileSync(at('cert.pem'), 'utf8'), {
      mode: 0o600,
    });
  }

  private addLogin({ user, password }: { user: string; password: string }) {
    const database = join(this.folder, 'etc', 'sasl', 'sasldb2');
    const settings = {
      pwcheck_method: 'auxprop',
      auxprop_plugin: 'sasldb',
      sasldb_path: database,
      mech_list: 'PLAIN LOGIN',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}: ${value}\n`);
    writeFileSync(join(this.folder, 'etc', 'sasl', 'smtpd.conf'), lines.join(''));
    execFileSync('saslpasswd2', ['-p', '-c', '-f', database, '-u', domain, user], { input: password });
    execFileSync('chown', ['postfix', database]);
  }
}
