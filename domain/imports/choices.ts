import en from '../messages/en/fields.json' with { type: 'json' };
import zh from '../messages/zh/fields.json' with { type: 'json' };
import { headerKey, keysOf } from './keys';

/** What other products and people call our choices; compared as headers are. Our own labels need no entry. */
const words: Record<string, Record<string, string>> = {
  lifecycleStage: {
    subscriber: '订阅者, 订阅用户',
    lead: '潜在客户, 线索',
    qualified:
      'marketing qualified lead, sales qualified lead, mql, sql, qualified lead, 合格线索, 营销合格线索, 销售合格线索, 营销认可的潜在客户, 销售认可的潜在客户',
    opportunity: '商机, 机会',
    customer: 'client, 客户, 成交客户',
    evangelist: '推广者, 拥护者',
    other: '其他, 其它',
  },
  leadStatus: {
    new: '新, 新建, 新线索',
    open: '打开, 未联系, 待跟进',
    inProgress: 'working, 进行中, 跟进中',
    openDeal: '已有商机, 打开的交易',
    unqualified: 'disqualified, not qualified, 不合格, 无效',
    attempted: 'attempted to contact, 尝试联系, 已尝试联系',
    connected: 'contacted, 已联系, 已联络',
    badTiming: '时机不当, 时机不对',
  },
  type: {
    customer: 'client, customer direct, customer channel, 客户, 直接客户',
    prospect: '潜在客户, 意向客户',
    partner: 'channel partner reseller, technology partner, 合作伙伴, 伙伴',
    reseller: 'installation partner, distributor, 经销商, 代理商, 分销商',
    vendor: 'supplier, 供应商',
    competitor: '竞争对手, 竞争者',
    other: '其他, 其它',
  },
  placeRole: {
    decisionMaker: 'economic decision maker, 决策人, 决策者',
    buyer: 'economic buyer, technical buyer, 采购, 采购人, 采购者',
    influencer: 'evaluator, 影响者, 评估者',
    champion: 'executive sponsor, sponsor, 支持者, 内部支持者',
    user: 'business user, end user, 用户, 使用者, 使用人',
    billing: 'billing contact, 财务, 账单联系人',
    technical: 'technical buyer, technical contact, 技术, 技术联系人',
    employee: '员工, 雇员',
    former: 'former employee, 前员工, 已离职',
    other: '其他, 其它',
  },
  rating: { hot: '热, 高', warm: '温, 中', cold: '冷, 低' },
  priority: { low: '低', medium: 'normal, 中, 普通', high: 'urgent, critical, 高, 紧急' },
  status: {
    open: 'in progress, active, pending, 进行中, 跟进中, 未完成, 未结',
    won: 'win, closed won, 赢单, 已赢单, 已赢, 成交, 已成交',
    lost: 'lose, closed lost, 输单, 已输单, 已输, 丢单, 失败',
  },
  role: {
    owner: '所有者, 拥有者',
    admin: 'administrator, system administrator, 管理员, 系统管理员',
    manager: 'sales manager, team lead, 经理, 主管, 销售经理',
    member: 'sales agent, sales rep, user, standard user, salesperson, 成员, 员工, 销售, 销售代表, 普通用户',
    viewer: 'read only, guest, 只读, 访客',
  },
};

type Labels = Record<string, Record<string, string>>;
/** What people see, by field, in both languages and for all objects that have such a field: our exports say so. */
const labelled: readonly [string, Record<string, string>][] = [en, zh].flatMap((texts) => [
  ...Object.values(texts.choices as Record<string, Labels>).flatMap((fields) => Object.entries(fields)),
  ['placeRole', { ...texts.contactCompanyRoles, ...texts.dealContactRoles }],
  ['role', texts.roles],
]);

/** The choice a cell means; undefined when it is none of them. */
export function choiceMeant(field: string, choices: readonly string[], text: string): string | undefined {
  const key = headerKey(text);
  const own = choices.find((choice) => headerKey(choice) === key);
  if (own !== undefined) return own;
  const isLabel = (choice: string) =>
    labelled.some(([of, labels]) => of === field && headerKey(labels[choice] ?? '') === key);
  const seen = key === '' ? undefined : choices.find(isLabel);
  if (seen !== undefined) return seen;
  return choices.find((choice) =>
    (words[field]?.[choice] ?? '').split(',').some((word) => word.trim() !== '' && headerKey(word) === key),
  );
}

const yes = new Set(
  'true yes y t 1 on x ✓ ✔ √ checked active enabled 是 真 对 有 启用 开 在售 有效 已启用 sí si ja oui sim wahr vrai verdadero verdadeiro はい'.split(
    ' ',
  ),
);
const no = new Set(
  'false no n f 0 off ✗ × unchecked inactive disabled 否 假 错 无 停用 关 停售 无效 已停用 未启用 nein non não nao falsch faux falso いいえ'.split(
    ' ',
  ),
);

/** Yes or no, also as spreadsheets in other languages write it; undefined when it is neither. */
export function booleanMeant(text: string): boolean | undefined {
  const key = text.normalize('NFKC').trim().toLowerCase();
  return yes.has(key) ? true : no.has(key) ? false : undefined;
}

/** How systems say that somebody refused to be called or mailed, and that nobody did; compared as headers are. */
const refused = keysOf(
  'do not allow, not allowed, opted out, opt out, optout, unsubscribed, not subscribed, not opted in, no consent, withdrawn, refused, do not call, do not mail, do not email, do not contact, 退订, 已退订, 未订阅, 未同意, 不同意, 拒绝, 不允许, 禁止, 拒收, 勿扰',
);
const notRefused = keysOf(
  'allow, allowed, subscribed, opted in, opt in, optin, double opt in, single opt in, consent, consent given, granted, archived, not opted out, 允许, 订阅, 已订阅, 同意, 已同意, 未退订',
);

/**
 * Whether a cell says that somebody refused; several columns of refusals stand in one text, separated by `;`, and any of
 * them is enough. Undefined when it says neither.
 * @param allows the column asks whether they agreed, so that a plain `no` refuses; what is said in words stays what it is
 */
export function refusalMeant(text: string, allows = false): boolean | undefined {
  const parts = text.split(/[;；]/).filter((part) => part.trim() !== '');
  const meant = parts.map((part) => {
    const key = headerKey(part);
    if (refused.has(key) || notRefused.has(key)) return refused.has(key);
    const answer = booleanMeant(part);
    return answer === undefined ? undefined : answer !== allows;
  });
  return meant.includes(true) ? true : meant.includes(undefined) ? undefined : false;
}

const wonStage = /\bwon\b|\bwin\b|closed\s*-?\s*won|赢单|成交|签约成功|已签约|赢得/i;
const lostStage = /\blost\b|\bloss\b|disqualif|abandon|cancell?ed|输单|丢单|流失|失败|取消|作废/i;

/** What a stage's name says about its kind, for stages an import creates. */
export function stageKindMeant(name: string): 'open' | 'won' | 'lost' {
  if (lostStage.test(name)) return 'lost';
  return wonStage.test(name) && !/未成交|待成交|即将成交|预计成交/.test(name) ? 'won' : 'open';
}
