// A server with better-auth as its guide sets it up: email and password with its own scrypt, two-factor codes by mail, SQLite with
// a write-ahead log, mail through a pool of connections. What would make it slower and is no part of the flow is left out: limits by
// address, telemetry, and questions whether the address is real.
//   server.mjs DATABASE SMTP-PORT, at the address that every server of the benchmark is given
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { twoFactor } from 'better-auth/plugins';
import Database from 'better-sqlite3';
import { createTransport } from 'nodemailer';

const [file, smtp] = process.argv.slice(2);
const [host, port] = process.env.LEPTOS_SITE_ADDR.split(':');
const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');

const mail = createTransport({ host: '127.0.0.1', port: Number(smtp), secure: false, ignoreTLS: true, pool: true });

const auth = betterAuth({
  baseURL: `http://${host}:${port}`,
  secret: 'measured and thrown away, measured and thrown away',
  database,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    twoFactor({
      otpOptions: {
        sendOTP: ({ user, otp }) =>
          mail.sendMail({ from: 'no-reply@peer.example', to: user.email, subject: 'Your code', text: `Your code is\n\n${otp}\n` }),
      },
    }),
  ],
});
await (await getMigrations(auth.options)).runMigrations();

const handle = toNodeHandler(auth);
createServer((request, response) => {
  if (request.url === '/readyz') response.end('ready');
  else handle(request, response);
}).listen(Number(port), host);
process.on('SIGTERM', () => process.exit(0));
