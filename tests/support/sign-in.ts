import { randomBytes } from 'node:crypto';
import { writeAccountMail } from '@/server/accounts/mails';
import { answerAuth } from '@/server/core/auth';
import type { AccountMail } from '@/server/core/mail/account-mail';
import { renderMail } from '@/server/core/mail/templates';
import type { Visitor } from '@/server/core/sign-in';

/** A browser nobody has seen before, at an address of its own. */
export const visitor = (more: Partial<Visitor> = {}): Visitor => ({
  ip: `11.${[...randomBytes(3)].join('.')}`,
  userAgent: 'test',
  device: undefined,
  requestId: null,
  now: new Date(),
  ...more,
});

/** The token of the link in the mail that a job writes; the job writes none to nobody. */
export async function linkOf(mail: AccountMail | undefined, now = new Date()): Promise<string> {
  if (!mail) throw new Error('No mail was asked for');
  const written = await writeAccountMail(mail, randomBytes(8).toString('hex'), now);
  if (!written) throw new Error('There is nobody to write to');
  const { text } = renderMail(written);
  const token = /[?]token=([\w-]+)/.exec(text)?.[1];
  if (!token) throw new Error(`No link in: ${text}`);
  return token;
}

export interface Asking {
  secure?: boolean;
  csrf?: boolean;
  cookie?: string;
  ip?: string;
}

/** Names of the cookies an answer sets. */
export const names = (answer: Response) => answer.headers.getSetCookie().map((cookie) => cookie.split('=')[0]);

/** A call of next-auth as the server in front hands it on. */
export function get(path: string, { secure = false, cookie = '', ip }: Asking = {}): Promise<Response> {
  return answerAuth(new Request(`http://localhost:3000/api/auth/${path}`, { headers: headers(secure, cookie, ip) }));
}

/** A sign-in as the browser's library does it: with the token against forged requests, then the form. */
export async function post(provider: string, form: Record<string, string>, asking: Asking = {}): Promise<Response> {
  const { secure = false, csrf = true, ip } = asking;
  const first = await get('csrf', asking);
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const cookie = first.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return answerAuth(
    new Request(`http://localhost:3000/api/auth/callback/${provider}`, {
      method: 'POST',
      headers: { ...headers(secure, cookie, ip), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...form, csrfToken: csrf ? csrfToken : 'forged', json: 'true' }).toString(),
    }),
  );
}

const headers = (secure: boolean, cookie: string, ip = visitor().ip) => ({
  host: 'localhost:3000',
  cookie,
  'user-agent': 'test',
  'x-guanxi-ip': ip,
  'x-guanxi-secure': secure ? '1' : '0',
});
