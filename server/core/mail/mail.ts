import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import nodemailer, { type Transporter } from 'nodemailer';
import { newId } from '../ids';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface OutboxMail extends Mail {
  id: string;
  at: string;
}

export interface Mailer {
  /** Sends, or files in the outbox. `key` makes a repeated send recognisable as the same mail (Message-ID). */
  send(mail: Mail, key: string): Promise<void>;
  /** Mails that were filed instead of sent, newest first; undefined when mail really goes out. */
  outbox?: () => Promise<OutboxMail[]>;
}

/** Mail through `smtpUrl`, or without one into files that a developer can open at /outbox. */
export function createMailer(options: { smtpUrl?: string; from: string; dataDir: string }): Mailer {
  return options.smtpUrl ? smtpMailer(options.smtpUrl, options.from) : fileMailer(path.join(options.dataDir, 'outbox'));
}

function smtpMailer(url: string, from: string): Mailer {
  const transport: Transporter = nodemailer.createTransport(url, {
    from,
    // nodemailer refuses line breaks in headers itself; a mail's text can never reach a file or an address on disk.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    async send(mail, key) {
      await transport.sendMail({ ...mail, messageId: `<${key}@${domain}>` });
    },
  };
}

function fileMailer(folder: string): Mailer {
  return {
    async send(mail, key) {
      await mkdir(folder, { recursive: true });
      const entry: OutboxMail = { ...mail, id: newId(), at: new Date().toISOString() };
      // The key is the file's name: the same mail twice is one file.
      await writeFile(path.join(folder, `${key.replace(/[^\w-]/g, '')}.json`), JSON.stringify(entry, null, 2), {
        mode: 0o600,
      });
    },
    async outbox() {
      const names = await readdir(folder).catch(() => [] as string[]);
      const mails = await Promise.all(
        names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as OutboxMail),
      );
      return mails.sort((a, b) => b.at.localeCompare(a.at));
    },
  };
}
