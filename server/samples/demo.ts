import { loginLookup, tenantBySlug, userConfirmEmail, userCreate } from '@/db/global';
import { members } from '@/db/schema/tenants';
import { inTenant } from '@/db/tenant';
import en from '@/domain/messages/en/demo.json' with { type: 'json' };
import zh from '@/domain/messages/zh/demo.json' with { type: 'json' };
import type { Role } from '@/domain/permissions';
import { romanize } from '@/domain/search-keys';
import { createApiKey } from '../api-keys/api-keys';
import { apply } from '../core/changes';
import type { RequestContext } from '../core/context';
import { newId } from '../core/ids';
import type { Log } from '../core/log';
import { loadTypes, standardCatalogue } from '../core/types';
import type { Work } from '../core/work';
import { invite } from '../members/invitations';
import { deactivate, memberType } from '../members/members';
import { firstStages } from '../pipelines/first-stages';
import { createPipeline, listPipelines, renamePipeline, updateStage } from '../pipelines/pipelines';
import { createTeam, listTeams, updateTeam } from '../teams/teams';
import { signUp } from '../tenants/sign-up';
import { makeComputedFields, makeOwnFields, ownWords } from './demo-own';
import { tellOwn } from './demo-own-story';
import { type DemoWords, type StoryEvent, type StorySetting, tellStory } from './demo-story';
import { type Act, makeViews, talk } from './demo-talk';

export interface DemoLogin {
  tenant: string;
  slug: string;
  locale: 'en' | 'zh';
  email: string;
  password: string;
  role: Role;
}

export interface DemoDeps {
  log: Log;
  now: () => Date;
}

interface Demo {
  locale: 'en' | 'zh';
  words: DemoWords;
  currency: string;
  timeZone: string;
  seed: number;
}

const demos: readonly Demo[] = [
  { locale: 'en', words: en, currency: 'USD', timeZone: 'America/Los_Angeles', seed: 20_260 },
  { locale: 'zh', words: zh, currency: 'CNY', timeZone: 'Asia/Shanghai', seed: 86_571 },
];

/** Long enough for the rule, easy to type; these tenants exist only where nobody but the developer comes in. */
const password = 'demo-guanxi-demo';
const dayMs = 86_400_000;

/** Role and team of each person of the words, in their order; the first signs the company up. */
const posts: readonly { role: Role; team?: number; manages?: number }[] = [
  { role: 'owner' },
  { role: 'admin', team: 2 },
  { role: 'manager', team: 0, manages: 0 },
  { role: 'manager', team: 1, manages: 1 },
  { role: 'member', team: 0 },
  { role: 'member', team: 0 },
  { role: 'member', team: 1 },
  { role: 'member', team: 2 },
  { role: 'viewer' },
];
/** Who owns records, busiest first, as places in `posts`. */
const sellers = [4, 6, 5, 2, 7, 3, 0];

/**
 * Two companies to look round in, one in English and one in Chinese, each with a year and a half of work behind it.
 * Does nothing where they exist.
 * @returns a login for every role of both
 */
export async function seedDemo(deps: DemoDeps): Promise<DemoLogin[]> {
  // Side by side: each waits for the database most of the time.
  await Promise.all(demos.map((demo) => seedOne(demo, deps)));
  return demos.flatMap(({ locale, words }) =>
    posts.flatMap(({ role }, i): DemoLogin[] => {
      const first = posts.findIndex((post) => post.role === role) === i;
      return first
        ? [{ tenant: words.tenant.company, slug: slugOf(words), locale, email: emailOf(words, i), password, role }]
        : [];
    }),
  );
}

async function seedOne(demo: Demo, deps: DemoDeps): Promise<void> {
  const { words, locale, currency, timeZone } = demo;
  const now = deps.now();
  const founded = new Date(now.getTime() - 560 * dayMs);
  const context = contextAt(deps, founded, locale);
  const slug = slugOf(words);
  const known = await tenantBySlug(slug);
  if (!known && (await loginLookup(emailOf(words, 0)))) return;
  if (!known) {
    await signUp(context, {
      company: words.tenant.company,
      name: words.people[0]?.name ?? '',
      email: emailOf(words, 0),
      password,
      locale,
      timeZone,
      currency,
    });
  }
  const tenantId = (known ?? (await tenantBySlug(slug)))?.id;
  if (!tenantId) throw new Error('A demo company without its address');
  // Signed up, but stopped before it was filled: only its owner is there.
  if ((await inTenant(tenantId, 'read', (db) => db.find(members, undefined, { limit: 2 }))).length > 1) return;
  const [owner] = await inTenant(tenantId, 'read', (db) => db.find(members));
  const passwordHash = (await loginLookup(emailOf(words, 0)))?.passwordHash;
  if (!owner?.userId || !passwordHash) throw new Error('A tenant without its owner');
  await userConfirmEmail(owner.userId);
  let types = standardCatalogue();
  const workOf = (db: Work['db'], at: Date, memberId: string): Work => ({
    db,
    types,
    now: at,
    requestId: context.requestId,
    ip: context.ip,
    enqueue: context.enqueue,
    actor: {
      tenantId,
      tenantSlug: slug,
      memberId,
      userId: owner.userId,
      role: 'owner',
      teamId: null,
      locale,
      channel: 'screen',
    },
  });
  await inTenant(tenantId, 'write', async (db) => {
    const people = await hire(workOf(db, founded, owner.id), words, passwordHash);
    const idAt = (post: number) => people[post] ?? owner.id;
    await settle(workOf(db, founded, owner.id), words, idAt);
    const [first, second] = await listPipelines(workOf(db, now, owner.id));
    if (!first || !second) throw new Error('Demo pipelines are missing');
    const ids = new Map<string, string>();
    const idOf = (name: string) => {
      const id = ids.get(name) ?? newId();
      ids.set(name, id);
      return id;
    };
    await makeOwnFields(workOf(db, founded, owner.id), currency);
    types = await loadTypes(db);
    const names = new Map(people.map((id, i) => [id, words.people[i]?.name ?? '']));
    const setting = { seed: demo.seed, currency, timeZone, now, sellers: sellers.map(idAt), idOf };
    const standard: StorySetting = { ...setting, words, pipelines: [first, second] };
    const own = ownWords[locale];
    const story = tellOwn({ ...standard, own, names, relation: (name) => idOfField(types, name) }, tellStory(standard));
    const workAt = (at: Date, by: string) => workOf(db, at, by);
    const [maya, daniel, sofia, peter, nina, omar] = [idAt(0), idAt(1), idAt(2), idAt(3), idAt(6), idAt(7)];
    const cast = { maya, daniel, sofia, peter, nina, omar };
    await write(story, talk({ own, now, story, people: cast, names }), workAt);
    await makeComputedFields(workAt(now, owner.id), currency);
    types = await loadTypes(db);
    await makeViews(workAt(now, owner.id), own);
    const recently = workOf(db, new Date(now.getTime() - 3 * dayMs), owner.id);
    for (const [i, name] of words.apiKeys.entries())
      await createApiKey(recently, { name, access: i === 0 ? 'write' : 'read' });
    await invite(recently, { email: words.invited, role: 'member' }, context.publicUrl);
  });
  deps.log.info({ slug, ms: Date.now() - now.getTime() }, 'demo tenant made');
}

/** Teams and everybody in them, all with the owner's password: hashing it once saves a second. @returns the member of each post */
async function hire(work: Work, words: DemoWords, passwordHash: string): Promise<string[]> {
  const teams: string[] = [];
  for (const team of words.teams) teams.push((await createTeam(work, team)).id);
  const people = [work.actor.memberId];
  for (const [i, post] of posts.entries()) {
    if (i === 0) continue;
    const name = words.people[i]?.name ?? '';
    const email = emailOf(words, i);
    const userId = newId();
    await userCreate({ id: userId, email, name, passwordHash, locale: work.actor.locale }, work.db.client);
    await userConfirmEmail(userId, work.db.client);
    const id = newId();
    const values = {
      name,
      email,
      role: post.role,
      status: 'active',
      userId,
      teamId: post.team === undefined ? null : teams[post.team],
    };
    await apply(work, 'create', [{ type: memberType, op: 'create', id, values }]);
    people.push(id);
  }
  return people;
}

/** Managers, one who left, one an import brought along; pipelines with their gates. */
async function settle(work: Work, words: DemoWords, idAt: (post: number) => string): Promise<void> {
  const { locale } = work.actor;
  const teams = await listTeams(work);
  for (const [i, post] of posts.entries()) {
    const team = teams.find(({ name }) => post.manages !== undefined && name === words.teams[post.manages]?.name);
    if (team) await updateTeam(work, { id: team.id, managerId: idAt(i) });
  }
  const former = newId();
  await apply(work, 'create', [
    {
      type: memberType,
      op: 'create',
      id: former,
      values: { name: words.former, role: 'member', status: 'placeholder' },
    },
    {
      type: memberType,
      op: 'create',
      id: newId(),
      values: { name: words.placeholder, role: 'member', status: 'placeholder' },
    },
  ]);
  await deactivate(work, { id: former });

  const [sales] = await listPipelines(work);
  if (!sales) throw new Error('A tenant without a pipeline');
  await renamePipeline(work, { id: sales.id, name: words.salesPipeline });
  for (const stage of sales.stages) {
    if (stage.kind === 'lost') await updateStage(work, { id: stage.id, requiredFields: ['lossReason'] });
    if (stage.kind === 'open' && stage.probability >= 50)
      await updateStage(work, { id: stage.id, requiredFields: ['amount', 'expectedClose'] });
  }
  const names = words.secondPipeline.stages;
  const colours = ['slate', 'violet', 'orange', 'amber', 'green', 'red'] as const;
  const stages = firstStages(locale).map((stage, i) => ({
    ...stage,
    name: names[i] ?? stage.name,
    colour: colours[i] ?? stage.colour,
    requiredFields: stage.kind === 'lost' ? (['lossReason'] as const).slice() : [],
  }));
  await createPipeline(work, { name: words.secondPipeline.name, stages });
}

/** Writes a story in its order, many events under way at once: only one that needs what another is just writing waits. */
async function write(
  story: readonly StoryEvent[],
  acts: readonly Act[],
  workAt: (at: Date, by: string) => Work,
): Promise<void> {
  let underWay: Promise<unknown>[] = [];
  const changing = new Set<unknown>();
  const left = [...acts];
  const actUntil = async (until: number) => {
    // Each is done by itself, where it belongs: timelines follow the order in which things were written.
    for (let act = left[0]; act && act.at.getTime() <= until; act = left[0]) {
      await Promise.all(underWay);
      await act.run(workAt(act.at, act.by));
      left.shift();
    }
  };
  for (const { at, by, verb, changes } of story) {
    await actUntil(at.getTime());
    const needed = changes.flatMap(({ op, id, values }) => [
      ...(op === 'update' ? [id] : []),
      ...Object.values(values),
    ]);
    if (underWay.length >= 60 || needed.some((id) => changing.has(id))) {
      await Promise.all(underWay);
      underWay = [];
      changing.clear();
    }
    for (const { id } of changes) changing.add(id);
    const work = workAt(at, by);
    underWay.push(
      apply(
        work,
        verb,
        changes.map(({ object, ...change }) => ({ ...change, type: work.types.get(object) })),
      ),
    );
  }
  await Promise.all(underWay);
  await actUntil(Number.POSITIVE_INFINITY);
}

/** The id of a field by its object and key: `deal.c_partners`. */
function idOfField(types: Work['types'], name: string): string {
  const field = types.fields.find(({ object, key }) => `${object}.${key}` === name);
  if (!field) throw new Error(`No demo field ${name}`);
  return field.id;
}

const emailOf = (words: DemoWords, person: number) => `${words.people[person]?.login}@${words.tenant.domain}`;
const slugOf = (words: DemoWords) =>
  romanize(words.tenant.company)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');

/** A request by nobody in particular; mails are not sent, since their addresses are invented. */
function contextAt(deps: DemoDeps, now: Date, locale: string): RequestContext {
  return {
    requestId: 'demo',
    ip: '127.0.0.1',
    userAgent: null,
    tenantSlug: null,
    sid: undefined,
    session: undefined,
    apiKey: undefined,
    channel: 'system',
    log: deps.log,
    now: () => now,
    enqueue: async () => {},
    sendMail: async () => {},
    publicUrl: '',
    locale,
  };
}
