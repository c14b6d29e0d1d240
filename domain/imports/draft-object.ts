import type { ObjectLabels } from '../custom-fields';
import type { Tone } from '../tones';
import type { ColumnMatch } from './columns';
import { type Draft, type DraftInput, draftPlan } from './draft';
import { headerKey, keysOf } from './keys';
import type { ImportPlan } from './mapping';
import { draftKey, type NewField } from './new-field';
import { draftObjectKey, type NewObject } from './new-object';
import { unlike } from './offer';

interface Known {
  label: ObjectLabels;
  icon: string;
  tone: Tone;
  /** Headers only such files have, and words in the names of files. */
  headers: string;
  named: RegExp;
}

const nouns = (one: string, other: string, zh: string): ObjectLabels => ({
  en: { one, other },
  zh: { one: zh, other: zh },
});

/** What CRM systems keep beside what everybody has. */
const known: readonly Known[] = [
  {
    label: nouns('Ticket', 'Tickets', '工单'),
    ...{ icon: 'ticket', tone: 'orange', named: /ticket|\bcases?\b|工单|服务单/i },
    headers:
      'ticket id, ticket name, ticket status, ticket subject, ticket description, case number, 工单编号, 工单标题',
  },
  {
    label: nouns('Order line', 'Order lines', '订单明细'),
    ...{
      icon: 'clipboard-list',
      tone: 'teal',
      named: /order.?(?:lines?|items?)|line.?items?|superstore|订单明细|订单行/i,
    },
    headers: 'order id, order number, product id, product name, quantity, ship date, 订单编号, 产品编号, 数量',
  },
  {
    label: nouns('Order', 'Orders', '订单'),
    ...{ icon: 'truck', tone: 'teal', named: /orders?\b|订单/i },
    headers: 'order id, order number, order date, order total, order status, 订单编号, 订单号, 下单时间, 订单金额',
  },
  {
    label: nouns('Lead', 'Leads', '线索'),
    ...{ icon: 'target', tone: 'amber', named: /leads?\b|线索/i },
    headers: 'is converted, converted account id, converted date, lead title, lead id, lead status, lead source',
  },
  {
    label: nouns('Contract', 'Contracts', '合同'),
    ...{ icon: 'file-text', tone: 'blue', named: /contracts?\b|合同/i },
    headers: 'contract number, contract id, contract term, contract start date, contract end date, 合同编号, 合同名称',
  },
  {
    label: nouns('Invoice', 'Invoices', '发票'),
    ...{ icon: 'receipt', tone: 'green', named: /invoices?\b|发票/i },
    headers: 'invoice number, invoice id, invoice date, invoice amount, 发票号码, 发票号, 开票日期',
  },
  {
    label: nouns('Quote', 'Quotes', '报价单'),
    ...{ icon: 'file-text', tone: 'violet', named: /quotes?\b|quotations?\b|报价/i },
    headers: 'quote number, quote id, quote name, valid until, 报价编号, 报价单号',
  },
  {
    label: nouns('Project', 'Projects', '项目'),
    ...{ icon: 'folder', tone: 'violet', named: /projects?\b|项目/i },
    headers: 'project id, project name, project status, project manager, 项目编号, 项目名称, 项目状态',
  },
  {
    label: nouns('Campaign', 'Campaigns', '市场活动'),
    ...{ icon: 'megaphone', tone: 'red', named: /campaigns?\b|市场活动/i },
    headers: 'campaign id, campaign name, campaign type, campaign status, 市场活动名称',
  },
  {
    label: nouns('Asset', 'Assets', '资产'),
    ...{ icon: 'box', tone: 'slate', named: /assets?\b|equipment|资产|设备/i },
    headers: 'asset id, asset name, serial number, install date, 资产编号, 设备编号, 序列号',
  },
];

/** The object a file of no known kind could be made into: by its headers and its name. */
export function proposeObject(headers: readonly string[], fileName: string): NewObject {
  const keys = new Set(headers.map(headerKey));
  const scored = known.map((each) => {
    const marks = keysOf(each.headers);
    return { each, score: [...keys].filter((key) => marks.has(key)).length + (each.named.test(fileName) ? 3 : 0) };
  });
  const best = scored.reduce((most, next) => (next.score > most.score ? next : most));
  if (best.score >= 2) {
    const { label, icon, tone } = best.each;
    return { label, icon, tone };
  }
  return { label: labelFrom(fileName), icon: 'box', tone: 'slate' };
}

/** Words in names of files that say how they came about. */
const chaff =
  /\b(?:export(?:ed)?|exports|crm|hubspot|salesforce|pipedrive|zoho|dynamics|all|list|data|final|copy|csv|xlsx?|v\d+|utf ?8|gb18030)\b|导出|数据|列表|全部|\d{2,}|[()（）[\]]/gi;

function labelFrom(fileName: string): ObjectLabels {
  const words = fileName
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[_\-.]+/g, ' ')
    .replace(chaff, ' ')
    .replace(/[^\p{L}\p{N} ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
  if (/\p{Script=Han}/u.test(words)) return { zh: { one: words, other: words } };
  const other = words ? words.charAt(0).toUpperCase() + words.slice(1) : 'Records';
  return { en: { one: singular(other), other } };
}

/** `Deliveries` are each a `Delivery`. */
function singular(words: string): string {
  if (/[^aeiou]ies$/i.test(words)) return words.replace(/ies$/i, 'y');
  if (/(?:ss|sh|ch|x)es$/i.test(words)) return words.slice(0, -2);
  return /[^s]s$/i.test(words) ? words.slice(0, -1) : words;
}

type Named = 'company' | 'contact' | 'product' | 'deal';

/** Columns that name records everybody has; with `id` after them, by the ids they have in the source. */
const named: Record<Named, string> = {
  company:
    'company, company name, account, account name, organization, organisation, primary company, associated company, associated company domain, associated company (primary), customer company, 公司, 公司名称, 客户, 客户名称, 所属公司, 关联公司',
  contact:
    'contact, contact name, contact person, contact email, associated contact, associated contact email, customer, customer name, customer email, requester, requester email, reporter, buyer, client, client name, 联系人, 联系人姓名, 联系人邮箱, 关联联系人',
  product: 'product, product name, product purchased, item, item name, 产品, 产品名称, 商品, 商品名称, 关联产品',
  deal: 'deal, deal name, opportunity, opportunity name, associated deal, 商机, 商机名称, 关联商机',
};
const idsOf: Record<Named, string> = {
  company:
    'company id, account id, organization id, primary company id, associated company ids, associated company ids (primary), 公司编号, 客户编号',
  contact:
    'contact id, customer id, requester id, buyer id, client id, associated contact ids, supplied by id, 联系人编号',
  product: 'product id, item id, sku, product2 id, 产品编号, 商品编号',
  deal: 'deal id, opportunity id, associated deal ids, 商机编号',
};
const labels: Record<Named, NewField['label']> = {
  company: { en: 'Company', zh: '公司' },
  contact: { en: 'Contact', zh: '联系人' },
  product: { en: 'Product', zh: '产品' },
  deal: { en: 'Deal', zh: '商机' },
};
const kinds = Object.keys(named) as Named[];
const namedKeys = new Map(kinds.map((kind) => [kind, keysOf(named[kind])]));
const idKeys = new Map(kinds.map((kind) => [kind, keysOf(idsOf[kind])]));

/**
 * The plan to begin with for a file whose records are to be an object of their own: its title and ids found, a field for
 * every other column by what its values are, and relations to the companies, people, products and deals it names.
 */
export function draftObject(input: Omit<DraftInput, 'object' | 'own' | 'extensible'>, fileName: string): Draft {
  const { headers, rows } = input;
  const make = proposeObject(headers, fileName);
  // `Ticket Subject` is the subject of a ticket.
  const plain = headers.map((header) => withoutNoun(header, make.label));
  const own = { targets: [], definition: { label: make.label, titleLabel: null } };
  const draft = draftPlan({ ...input, headers: plain, object: draftObjectKey, own, extensible: true });
  const relations = relationsOf(headers, rows, draft.matches);
  const linked = new Map(relations.flatMap((relation) => relation.columns));
  const unique = idColumn(headers, rows, draft.matches);
  const called = titleColumn(draft.matches, rows, linked, unique);
  // What has a number and nothing else to be called by is called by its number.
  const [title, key] = called === undefined ? [unique ?? 0, undefined] : [called, unique];
  const columns = headers.map((header, index): ImportPlan['columns'][number] => {
    const relation = linked.get(index);
    const match = draft.matches[index];
    if (index === key) return { index, header, target: 'externalId' };
    if (index === title) return { index, header, target: 'name' };
    if (relation) return { index, header, ...relation };
    const target = match?.target ?? null;
    // What is not its title or its id after all becomes a field.
    const isOther = target === 'name' || target === 'externalId' || target === null;
    return isOther ? { index, header, target: null, create: match?.offer } : { index, header, target };
  });
  const isCreated = new Set(relations.map(({ kind }) => kind));
  return {
    ...draft,
    matches: draft.matches.map((match, index) => ({
      ...match,
      header: headers[index] ?? match.header,
      target: columns[index]?.target ?? null,
      ...(index === title ? ({ confidence: 0.9, reason: { code: 'required' } } as const) : {}),
      ...(index === key ? ({ confidence: 0.95, reason: { code: 'values' } } as const) : {}),
    })),
    plan: {
      ...draft.plan,
      make,
      columns,
      matchKey: key !== undefined ? 'externalId' : title === unique ? 'name' : null,
      missing: {
        ...draft.plan.missing,
        ...Object.fromEntries([...isCreated].filter((kind) => kind !== 'deal').map((kind) => [kind, 'create'])),
      },
    },
  };
}

function withoutNoun(header: string, label: ObjectLabels): string {
  for (const noun of [label.en?.one, label.en?.other, label.zh?.one]) {
    if (!noun || header.length <= noun.length || !header.toLowerCase().startsWith(noun.toLowerCase())) continue;
    const rest = header.slice(noun.length).replace(/^[\s_\-.:：]+/, '');
    if (rest !== '') return rest;
  }
  return header;
}

interface Relation {
  kind: Named;
  columns: [index: number, column: Pick<ImportPlan['columns'][number], 'target' | 'create' | 'called'>][];
}

/** Which columns name which records: by address where there is one, by name else, and by id beside either. */
function relationsOf(
  headers: readonly string[],
  rows: readonly string[][],
  matches: readonly ColumnMatch[],
): Relation[] {
  // A column of texts may be called the same as what it stands beside.
  const taken = new Set(
    matches.flatMap(({ offer }) => [offer?.label.en, offer?.label.zh].filter((label) => label !== undefined)),
  );
  const keys = headers.map(headerKey);
  return kinds.flatMap((kind): Relation[] => {
    const found = keys.flatMap((key, index) => (namedKeys.get(kind)?.has(key) ? [index] : []));
    const ids = keys.findIndex((key) => idKeys.get(kind)?.has(key));
    const sure = found.find((index) => areAddresses(rows, index)) ?? found[0];
    if (sure === undefined) return [];
    for (const own of [matches[sure]?.offer?.label.en, matches[sure]?.offer?.label.zh]) if (own) taken.delete(own);
    const create: NewField = { type: 'reference', label: unlike(labels[kind], taken), settings: { to: kind } };
    // A person found by address is called as the column of names says.
    const name = found.find((index) => index !== sure && !areAddresses(rows, index));
    const columns: Relation['columns'] = [[sure, { target: null, create, called: name }]];
    if (ids >= 0) columns.push([ids, { target: `${draftKey(sure)}ExternalId` }]);
    return [{ kind, columns }];
  });
}

const filled = (rows: readonly string[][], index: number) =>
  rows.map((row) => (row[index] ?? '').trim()).filter((cell) => cell !== '');

function areAddresses(rows: readonly string[][], index: number): boolean {
  const cells = filled(rows, index).slice(0, 200);
  return cells.length > 0 && cells.every((cell) => /^[^\s@]+@[^\s@]+$/.test(cell));
}

/** The column by whose values rows can be told apart, and which is called an id or a number. */
function idColumn(
  headers: readonly string[],
  rows: readonly string[][],
  matches: readonly ColumnMatch[],
): number | undefined {
  const isKey = (index: number) => {
    const cells = filled(rows, index);
    return cells.length > 0 && cells.length === rows.length && new Set(cells).size === cells.length;
  };
  const matched = matches.find(({ target }) => target === 'externalId')?.index;
  if (matched !== undefined && isKey(matched)) return matched;
  const at = headers.findIndex(
    (header, index) => /(?:\bid|\bno\.?|number|#|编号|单号|号码)$/i.test(header.trim()) && isKey(index),
  );
  return at < 0 ? undefined : at;
}

const titles = keysOf('subject, summary, title, name, topic, 主题, 标题, 名称, 概要');

/** The column records are called by: what is called a title, else a number, else a short text. */
function titleColumn(
  matches: readonly ColumnMatch[],
  rows: readonly string[][],
  linked: ReadonlyMap<number, unknown>,
  key: number | undefined,
): number | undefined {
  const open = matches.filter(({ index }) => index !== key && !linked.has(index) && filled(rows, index).length > 0);
  const called =
    open.find(({ header }) => titles.has(headerKey(header))) ?? open.find(({ target }) => target === 'name');
  const numbered = open.find(({ header }) => /(?:\bid|\bno\.?|number|编号|单号)$/i.test(header.trim()));
  const short = open.find(({ target, offer }) => target === null && offer?.type === 'text');
  return (called ?? numbered ?? short)?.index;
}
