import { activityFields, type activityOutcomes, outcomesOf } from '../activities';
import { clip } from '../clip';
import type { Field } from '../fields';
import { noteFields } from '../notes';
import { taskFields } from '../tasks';
import { type ActivityObject, isActivityObject } from './activity-targets';
import { parseDateTime } from './dates';
import { markdownOf } from './html';
import { headerKey } from './keys';
import type { ImportPlan } from './mapping';
import type { PlannedRow, Ref, RowProblem } from './rows';
import { wholeId } from './source-ids';

/** What a row of such a file tells of. A mail is kept as a task of that type that is done. */
type Kind = 'call' | 'meeting' | 'task' | 'email' | 'note';

type Words<K extends string> = Record<K, { plain: string; near?: string }>;

/** `near`: says more than the choice it means, so it is kept as a line of the description too. */
const kinds: Words<Kind> = {
  call: {
    plain: 'call, calls, phone call, 电话, 通话',
    near: 'inbound call, outbound call, logged call, phone, 呼入, 呼出, 来电, 去电',
  },
  meeting: {
    plain: 'meeting, meetings, event, 会议, 日程',
    near: 'appointment, lunch, dinner, visit, demo, conference, 拜访, 上门拜访, 会面, 约见, 午餐',
  },
  task: { plain: 'task, tasks, todo, 任务, 待办', near: 'deadline, follow up, reminder, 跟进, 截止日期, 提醒' },
  email: { plain: 'email, emails, mail, 邮件, 电子邮件', near: 'incoming email, forwarded email, outgoing email' },
  note: {
    plain: 'note, notes, 备注, 笔记',
    near: 'comment, communication, sms, whatsapp, whats app, linkedin message, linked in message, postal mail, chat, 短信, 微信, 跟进记录',
  },
};
const states: Words<'done' | 'open'> = {
  done: {
    plain: 'done, completed, complete, closed, finished, yes, true, y, 1, 完成, 已完成, 是, 已结束',
    near: 'held, 已举行',
  },
  open: {
    plain: 'open, to do, not done, not started, planned, no, false, n, 0, 未完成, 未开始, 待办, 否, 计划中',
    near: 'not held, in progress, waiting, waiting on someone else, deferred, 进行中, 等待, 推迟',
  },
};
const directions: Words<'in' | 'out'> = {
  in: { plain: 'in, inbound, incoming, 呼入, 来电' },
  out: { plain: 'out, outbound, outgoing, 呼出, 去电' },
};
const outcomes: Words<(typeof activityOutcomes)[number]> = {
  reached: { plain: 'reached, connected, answered, 已接通, 接通, 已联系上' },
  noAnswer: { plain: 'no answer, not answered, 未接, 未接通, 无人接听', near: 'busy, 忙线, 占线' },
  leftMessage: { plain: 'left message, left voicemail, 留言, 已留言', near: 'left live message, voicemail' },
  callBack: { plain: 'call back, callback, 回电, 稍后回电' },
  held: { plain: 'held, completed, attended, 已举行, 已完成' },
  noShow: { plain: 'no show, 未到场, 缺席' },
  cancelled: { plain: 'cancelled, canceled, 取消, 已取消' },
};

const keyed = <K extends string>(words: Words<K>): Map<string, { means: K; near: boolean }> =>
  new Map(
    Object.entries<Words<K>[K]>(words).flatMap(([means, { plain, near = '' }]) =>
      [plain, near].flatMap((list, i) =>
        list
          .split(',')
          .map((word) => headerKey(word))
          .filter((word) => word !== '')
          .map((word): [string, { means: K; near: boolean }] => [word, { means: means as K, near: i === 1 }]),
      ),
    ),
  );
const kindWords = keyed(kinds);
const stateWords = keyed(states);
const directionWords = keyed(directions);
// Both calls and meetings can be over.
const outcomeWords = keyed(outcomes);

/** Fields of the three kinds of records, by which a cell is judged whichever of them its row becomes. */
const fields: Record<string, Field> = { ...noteFields, ...activityFields, ...taskFields };

/** The field a cell of such a file is held to. */
export const activityField = (name: string): Field | undefined => fields[name];

/** Rows are calls where nothing says otherwise and a column is there that only calls have. */
const callMarks = /\bcall|通话|电话|呼叫/i;

/**
 * Makes of the cells of a row the task, call, meeting or note it tells of. What a record of that kind has no field for
 * stays as a line of its description.
 */
export function settleActivity(plan: ImportPlan, row: PlannedRow): void {
  if (!isActivityObject(plan.object)) return;
  const { values } = row;
  const text = (name: string) => (typeof values[name] === 'string' && values[name] !== '' ? values[name] : null);
  const kept: string[] = [];
  const keep = (name: string) => {
    const given = text(name);
    const header = plan.columns.find(({ target }) => target === name)?.header;
    if (given) kept.push(`${header ?? name}: ${given}`);
  };
  /** What a word means; one that says more, or is not known, is kept. */
  const meant = <K extends string>(name: string, words: Map<string, { means: K; near: boolean }>): K | undefined => {
    const found = words.get(headerKey(text(name) ?? ''));
    if (!found || found.near) keep(name);
    return found?.means;
  };
  const kind = meant('kind', kindWords) ?? usualKind(plan, plan.object);
  const state = meant('done', stateWords);
  const times = timesOf(plan, values, keep);
  const object = recordOf(kind, { state, timed: times.timed, done: text('doneAt') !== null });
  const outcome = outcomeOf(object, kind, text('outcome'));
  if (!outcome?.plain) keep('outcome');
  const isCall = object === 'activity' && kind === 'call';
  const direction = isCall ? meant('direction', directionWords) : undefined;
  if (!isCall) keep('direction');
  // A task is due on a day.
  if (object === 'task') keep('dueTime');
  if (object !== 'activity') for (const name of ['location', 'link']) keep(name);
  if (object !== 'task' && values.priority !== 'medium') keep('priority');
  // Fields a tenant added belong to the kind of the file.
  if (object !== plan.object)
    for (const [name, value] of Object.entries(values)) {
      if (Object.hasOwn(fields, name) || steering.has(name)) continue;
      const header = plan.columns.find(({ target }) => target === name)?.header;
      kept.push(`${header ?? name}: ${String(value)}`);
      delete values[name];
    }
  const written = text('description') ?? '';
  const body = htmlSources.has(plan.source) ? markdownOf(written, object === 'note') : written;
  const description = [body, kept.join('\n')].filter((part) => part !== '').join('\n\n');
  const subject = object === 'note' ? text('subject') : subjectOf(row, text('subject'), description);
  const made: Record<string, unknown> = Object.fromEntries(
    Object.entries(values).filter(([name]) => !Object.hasOwn(fields, name) && !steering.has(name)),
  );
  row.object = object;
  if (object === 'note') {
    set(made, {
      body: clip([subject && `**${subject}**`, description].filter(Boolean).join('\n\n'), longest),
      pinned: /\b(?:1|true|yes|y)\b|是/i.test(text('pinned') ?? '') || undefined,
    });
    row.createdAt ??= times.startsAt;
    if (!made.body) missing(plan, row, 'description');
  } else if (object === 'task') {
    set(made, taskOf(kind, state, times, values));
    set(made, { subject, priority: values.priority, description: description && clip(description, longest) });
    row.createdAt ??= text('startsAt') ?? undefined;
  } else {
    const startsAt = times.startsAt ?? row.createdAt;
    if (!startsAt) missing(plan, row, 'startsAt');
    set(made, {
      ...{ kind, subject, startsAt, endsAt: endOf(plan, row, startsAt, times), direction, outcome: outcome?.value },
      ...{ location: values.location, link: values.link, description: description && clip(description, longest) },
    });
    row.createdAt ??= startsAt;
  }
  if (object !== 'note' && !subject) missing(plan, row, 'subject');
  row.values = made;
  aboutAny(plan, row);
}

/** Systems whose editors write HTML; of anybody else a text is what it says, letter for letter. */
const htmlSources = new Set(['hubspot', 'salesforce', 'pipedrive', 'zoho', 'dynamics', 'suitecrm']);
const longest = 20_000;
/** Targets that are no field of any of the three. */
const steering = new Set(['duration', 'durationSeconds', 'dueTime', 'pinned']);

const set = (made: Record<string, unknown>, values: Record<string, unknown>) => {
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== '') made[name] = value;
};

function usualKind(plan: ImportPlan, object: ActivityObject): Kind {
  if (object !== 'activity') return object;
  const isCall = plan.columns.some(
    ({ target, header }) => target === 'direction' || target === 'durationSeconds' || callMarks.test(header),
  );
  return isCall ? 'call' : 'meeting';
}

/** A call to make on some day is something to do; one at an hour, and one that has been made, stands in the calendar. */
function recordOf(
  kind: Kind,
  { state, timed, done }: { state: 'done' | 'open' | undefined; timed: boolean; done: boolean },
): ActivityObject {
  if (kind === 'note') return 'note';
  if (kind === 'task' || kind === 'email') return 'task';
  return state === 'open' && !timed && !done ? 'task' : 'activity';
}

interface Times {
  startsAt?: string;
  /** The hour is known, not the day alone. */
  timed: boolean;
  endsAt?: string;
  /** Milliseconds. */
  length?: number;
}

function timesOf(plan: ImportPlan, values: Record<string, unknown>, keep: (name: string) => void): Times {
  const due = typeof values.dueOn === 'string' ? values.dueOn : undefined;
  const hour = typeof values.dueTime === 'string' ? values.dueTime : undefined;
  const at = (text: string) => {
    const read = parseDateTime(text, { order: 'ymd', timeZone: plan.timeZone });
    return 'value' in read ? read.value : undefined;
  };
  const dated = due && hour ? at(`${due} ${hour}`) : undefined;
  if (hour && !dated) keep('dueTime');
  const length = lengthOf(values);
  if (length === undefined) keep('duration');
  const startsAt = typeof values.startsAt === 'string' ? values.startsAt : (dated ?? (due && at(due)));
  return {
    startsAt,
    timed: typeof values.startsAt === 'string' || dated !== undefined,
    endsAt: typeof values.endsAt === 'string' ? values.endsAt : undefined,
    length,
  };
}

/** `90`, `1:30`, `01:30:00`; undefined for what is none, or longer than a month. */
function lengthOf({ duration, durationSeconds }: Record<string, unknown>): number | undefined {
  if (typeof durationSeconds === 'number') return limited(durationSeconds * 1000);
  const found = /^(?:(\d{1,4}):)?(\d{1,6})(?::(\d{2}))?(?: ?(?:min|mins|minutes|分钟))?$/i.exec(
    typeof duration === 'string' ? duration : '',
  );
  if (!found) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = found;
  return limited((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

const limited = (length: number) => (length >= 0 && length <= 31 * 86_400_000 ? length : undefined);

function taskOf(
  kind: Kind,
  state: 'done' | 'open' | undefined,
  times: Times,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const ended = typeof values.doneAt === 'string' ? values.doneAt : undefined;
  // A mail in a list of what happened has been sent or come in.
  const done = state ? state === 'done' : ended !== undefined || (kind === 'email' && values.dueOn === undefined);
  const type = { call: 'call', meeting: 'meeting', email: 'email', task: undefined, note: undefined }[kind];
  return {
    type,
    dueOn: values.dueOn,
    done: done || state !== undefined ? done : undefined,
    doneAt: done ? (ended ?? times.endsAt ?? times.startsAt) : undefined,
  };
}

function outcomeOf(
  object: ActivityObject,
  kind: Kind,
  given: string | null,
): { value: string; plain: boolean } | undefined {
  const found = outcomeWords.get(headerKey(given ?? ''));
  if (!found || object !== 'activity' || (kind !== 'call' && kind !== 'meeting')) return undefined;
  return outcomesOf[kind].some((each) => each === found.means) ? { value: found.means, plain: !found.near } : undefined;
}

/** No activity ends before it begins. */
function endOf(plan: ImportPlan, row: PlannedRow, startsAt: string | undefined, times: Times): string | undefined {
  if (!startsAt) return undefined;
  const from = Date.parse(startsAt);
  if (times.endsAt && Date.parse(times.endsAt) < from) {
    problem(plan, row, 'endsAt', { code: 'endBeforeStart', params: { text: times.endsAt }, level: 'cell' });
    return undefined;
  }
  return times.endsAt ?? (times.length === undefined ? undefined : new Date(from + times.length).toISOString());
}

/** What it is called: its first line where it has no subject, else whom it is about. */
function subjectOf(row: PlannedRow, subject: string | null, description: string): string | null {
  if (subject) return subject;
  const [line = ''] = description.split('\n', 1);
  const about = row.refs.contact?.[0]?.text ?? row.refs.company?.[0]?.text ?? row.refs.deal?.[0]?.text;
  const composed = clip(line.trim() || (about ?? ''), 120);
  if (composed === '') return null;
  const note: RowProblem = {
    ...{ code: 'nameComposed', params: { value: composed }, index: null, header: null },
    ...{ target: 'subject', level: 'note' },
  };
  row.problems.push(note);
  return composed;
}

/** Without what the record cannot be, the row is nothing; a cell that could not be read has said so already. */
function missing(plan: ImportPlan, row: PlannedRow, target: string): void {
  problem(plan, row, target, { code: 'required', params: { field: target }, level: 'row' });
}

function problem(
  plan: ImportPlan,
  row: PlannedRow,
  target: string,
  found: Pick<RowProblem, 'code' | 'params' | 'level'>,
): void {
  const column = plan.columns.find((each) => each.target === target);
  row.problems.push({ ...found, index: column?.index ?? null, header: column?.header ?? null, target });
}

/** An id of any kind of record is looked up among all kinds. */
function aboutAny({ source }: ImportPlan, { refs }: PlannedRow): void {
  const ids = (refs.aboutExternalId ?? []).flatMap(({ text }) => text ?? []);
  const whole = ids.map((id) => wholeId(source, id));
  if (ids.length > 0) refs.aboutExternalId = whole.map((id): Ref => ({ text: null, by: 'id', key: id, sourceId: id }));
}
