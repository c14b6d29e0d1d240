import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import nodemailer, { type Transporter } from 'nodemailer';
import { breaker } from '../breaker';
import { newId } from '../ids';
import { currentTrace } from '../trace';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface OutboxMail extends Mail {
  id: string;
  at: string;
  headers?: Record<string, string>;
}

export interface Mailer {
  /**
   * Sends, or files in the outbox. A mail that is sent again, since nobody knows whether it went out, is the same to the
   * byte: `key` is its Message-ID, `at` its date, and servers and mailboxes drop the second.
   */
  send(mail: Mail, key: string, at?: Date): Promise<void>;
  /** Mails that were filed instead of sent, newest first; undefined when mail really goes out. */
  outbox?: () => Promise<OutboxMail[]>;
}

/** Mail through `smtpUrl`, or without one into files that a developer can open at /outbox. */
export function createMailer(options: { smtpUrl?: string; from: string; dataDir: string }): Mailer {
  return options.smtpUrl ? smtpMailer(options.smtpUrl, options.from) : fileMailer(path.join(options.dataDir, 'outbox'));
}

/** How long a mail server may take to answer, in milliseconds. */
const answerMs = 15_000;

function smtpMailer(url: string, from: string): Mailer {
  const transport: Transporter = nodemailer.createTransport(
    // A server that takes the call and says nothing holds a worker's place no longer than this.
    { url, connectionTimeout: answerMs, greetingTimeout: answerMs, socketTimeout: 3 * answerMs },
    {
      from,
      // nodemailer refuses line breaks in headers itself; a mail's text can never reach a file or an address on disk.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
  );
  // A server that answers is there, also when it refuses this mail (RFC 5321, 4.2).
  const guarded = breaker('the mail server', (error) => !(error instanceof Error && 'responseCode' in error));
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    async send(mail, key, at = new Date()) {
      await guarded(() =>
        transport.sendMail({
          ...mail,
          messageId: `<${key}@${domain}>`,
          date: at,
          headers: traceHeaders(),
          baseBoundary: createHash('sha256').update(key).digest('hex').slice(0, 16),
        }),
      );
    },
  };
}

/** By which whoever looks after the mail server finds our log lines. */
function traceHeaders(): Record<string, string> {
  const trace = currentTrace();
  return trace ? { 'X-Request-Id': trace.requestId } : {};
}

function fileMailer(folder: string): Mailer {
  return {
    async send(mail, key, at = new Date()) {
      await mkdir(folder, { recursive: true });
      const entry: OutboxMail = { ...mail, id: key, at: at.toISOString(), headers: traceHeaders() };
      // The key is the file's name: the same mail twice is one file. Renamed, so that there is never half of one.
      const file = path.join(folder, `${key.replace(/[^\w-]/g, '')}.json`);
      const unfinished = `${file}.${newId()}`;
      await writeFile(unfinished, JSON.stringify(entry, null, 2), { mode: 0o600 });
      await rename(unfinished, file);
    },
    async outbox() {
      const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith('.json'));
      const mails = await Promise.all(
        names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as OutboxMail),
      );
      return mails.sort((a, b) => b.at.localeCompare(a.at));
    },
  };
}
