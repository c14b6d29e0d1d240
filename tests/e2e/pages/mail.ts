import { expect } from 'vitest';
import { product } from '../../support/browser';

/** The newest link to a page in the mails to an address; waits until one is there. */
export async function mailedLink(to: string, page: 'confirm' | 'magic' | 'reset' | 'invite'): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(
      async () => {
        const mails: { to: string; text: string }[] = await (await fetch(`${product().url}/outbox.json`)).json();
        const text = mails.find((mail) => mail.to === to && mail.text.includes(`/${page}?token=`))?.text;
        link = /https?:\/\/\S+\?token=[\w-]+/.exec(text ?? '')?.[0];
        return link;
      },
      { timeout: 20_000 },
    )
    .toBeTruthy();
  return link ?? '';
}
