import { loginLookup, tenantCreate, userCreate } from '@/db/global';
import { inTenant } from '@/db/tenant';
import { nameKey } from '@/domain/imports/matching';
import en from '@/domain/messages/en/setup.json' with { type: 'json' };
import zh from '@/domain/messages/zh/setup.json' with { type: 'json' };
import { Refusal } from '@/domain/refusals';
import { romanize } from '@/domain/search-keys';
import { committed } from '../core/after-commit';
import { apply } from '../core/changes';
import type { RequestContext } from '../core/context';
import { newId } from '../core/ids';
import { checkPassword, hashPassword, verifyPassword } from '../core/passwords';
import { forgetSessions } from '../core/session';
import { knownDevice } from '../core/sign-in';
import { throttle } from '../core/throttle';
import { standardCatalogue } from '../core/types';
import type { Work } from '../core/work';
import { memberType } from '../members/members';
import { firstStages } from '../pipelines/first-stages';
import { createPipeline } from '../pipelines/pipelines';
import { tenantType } from './settings';

const setup = { en, zh };

export interface SignUpInput {
  company: string;
  name: string;
  email: string;
  password: string;
  locale: 'en' | 'zh';
  timeZone: string;
  currency: string;
}

/**
 * A new tenant with its owner, settings and first pipeline, in one transaction. A person who has an account already
 * gives its password and gets a further tenant.
 * @throws Refusal invalid on a weak password, conflict `emailTaken` when the account is somebody else's
 */
export async function signUp(
  context: RequestContext,
  input: SignUpInput,
): Promise<{ slug: string; tenantId: string; userId: string }> {
  // The password of an account can be tried here as at sign-in, so it counts there.
  const attempt = { email: input.email, ip: context.ip, knownDevice: await knownDevice(input.email, context.device) };
  const allowed = await throttle('password', attempt, context.now());
  const account = await loginLookup(input.email);
  if (account) {
    if (!(await verifyPassword(account.passwordHash, input.password)) || account.disabled) {
      throw new Refusal('conflict', { code: 'emailTaken', field: 'email' });
    }
  } else {
    checkPassword(input.password, [input.company, input.name, input.email]);
  }
  const passwordHash = account ? '' : await hashPassword(input.password);
  const tenantId = newId();
  const memberId = newId();
  const userId = account?.id ?? newId();
  const { slug, inside } = await inTenant(tenantId, 'write', async (db) => {
    const free = await takeSlug(tenantId, input.company, db.client);
    const work: Work = {
      db,
      types: standardCatalogue(),
      now: context.now(),
      requestId: context.requestId,
      ip: context.ip,
      enqueue: context.enqueue,
      actor: {
        tenantId,
        tenantSlug: free,
        memberId,
        userId,
        role: 'owner',
        teamId: null,
        locale: input.locale,
        channel: 'system',
      },
    };
    if (
      !account &&
      !(await userCreate(
        { id: userId, email: input.email, name: input.name, passwordHash, locale: input.locale },
        db.client,
      ))
    ) {
      throw new Refusal('conflict', { code: 'emailTaken', field: 'email' });
    }
    const { company, currency, timeZone, locale } = input;
    await apply(work, 'create', [
      { type: tenantType, op: 'create', id: tenantId, values: { name: company, currency, timeZone, locale } },
      {
        type: memberType,
        op: 'create',
        id: memberId,
        values: { name: input.name, email: input.email, role: 'owner', status: 'active', userId },
      },
    ]);
    await createPipeline(work, { name: setup[locale].pipeline, stages: firstStages(locale) });
    if (!account) await work.enqueue(db, 'accountMail', { account: 'confirm', userId, publicUrl: context.publicUrl });
    await forgetSessions(db);
    return { slug: free, inside: db };
  });
  committed(inside);
  await allowed.giveBack();
  return { slug, tenantId, userId };
}

/** An address made of the company's name, in Latin letters, with a number when it is taken. */
async function takeSlug(
  tenantId: string,
  company: string,
  runner: Parameters<typeof tenantCreate>[2],
): Promise<string> {
  const base =
    romanize(nameKey(company) || company)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
      .replace(/-+$/, '') || 'team';
  for (let attempt = 0; attempt < 20; attempt++) {
    const slug = attempt === 0 ? base : `${base}-${attempt < 5 ? attempt + 1 : Math.floor(Math.random() * 1e6)}`;
    if (await tenantCreate(tenantId, slug, runner)) return slug;
  }
  throw new Refusal('unavailable', 'busy', 1);
}
