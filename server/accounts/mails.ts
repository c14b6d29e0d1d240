import { loginLookup, tokenMake, userGet } from '@/db/global';
import { hashSecret, newSecret } from '../core/ids';
import type { AccountMail } from '../core/mail/account-mail';
import type { MailJob } from '../core/mail/templates';
import { magicMinutes } from '../core/sign-in';

const resetMinutes = 60;
const confirmDays = 7;

/**
 * Writes the mail an account asked for, with a link of its own where there is one to give.
 * @param id of the job, the same however often it is tried: the mail is recognisable as the same
 * @returns undefined when there is nobody to write to
 */
export async function writeAccountMail(mail: AccountMail, id: string, now = new Date()): Promise<MailJob | undefined> {
  const person = 'userId' in mail ? await userGet(mail.userId) : await loginLookup(mail.email);
  if (!person || ('disabled' in person && person.disabled)) return undefined;
  const to = mail.account === 'change' || mail.account === 'emailChanged' ? mail.email : person.email;
  const job = (params: MailJob['params']): MailJob => ({
    key: `${mail.account}-${id}`,
    to,
    locale: person.locale,
    template: mail.account,
    params: { name: person.name, ...params },
  });
  const link = async (page: string, kind: string, minutes: number) => {
    const token = newSecret();
    await tokenMake(hashSecret(token), kind, person.id, to, minutes, now);
    return `${mail.publicUrl}/${page}?token=${token}`;
  };
  switch (mail.account) {
    case 'reset':
      return job({ link: await link('reset', 'reset', resetMinutes), minutes: resetMinutes });
    case 'magic':
      return job({ link: await link('magic', 'magic', magicMinutes), minutes: magicMinutes });
    case 'confirm':
      return job({ link: await link('confirm', 'confirm', confirmDays * 1440), days: confirmDays });
    case 'change':
      // An address that has an account already gets no mail: whoever asks learns nothing.
      if (await loginLookup(mail.email)) return undefined;
      return job({ link: await link('confirm', 'change', 60), minutes: 60 });
    case 'passwordChanged':
      return job({ link: `${mail.publicUrl}/forgot` });
    case 'emailChanged':
      return job({ link: mail.publicUrl });
  }
}
