import { LocalIndex, type MirrorRow, makeSegment, segmentRows } from '@/domain/local-index';
import { rankedKeys } from '@/domain/search-keys';
import { textRanks, titleRanks } from '@/domain/search-ranks';
import { percentile } from './load';

const family = ['Schmidt', 'Miller', 'Garcia', 'Kowalski', 'Rossi', 'Novak', 'Andersson', 'Papadopoulos', 'Okafor'];
const given = ['Anna', 'James', 'Olivia', 'Peter', 'Zoë', 'Hannah', 'Marco', 'Elena', 'Yuki', 'Omar', 'Ingrid'];
const han = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕伟芳娜秀英敏静丽强磊'];
const places = ['上海', '北京', '重庆', '深圳', '杭州', '成都', '长沙', '厦门'];
const trades = ['科技', '贸易', '实业', '机械', '食品', '软件', '物流'];

/** What people type: beginnings, whole names, two words, sounds, initials, ends of numbers, addresses, slips of the finger. */
const typed = [
  ...[
    'a',
    'an',
    'anna',
    'anna s',
    'schmidt anna',
    'papad',
    'w',
    'wang',
    'wl',
    'sh',
    'shanghai',
    'shkj',
    '王',
    '上海',
    '科技',
  ],
  ...[
    '138',
    '1381',
    '5678',
    '13812345678',
    'user5',
    'user500@mail',
    'gracia',
    'papadopuols',
    'schmdit anna',
    'zzzzqq',
    '##',
  ],
];

/**
 * The index of the browser with as many records as it holds at most, half of them Chinese: how long it takes to make it
 * ready, and a search over all kinds. In Node, whose engine is that of Chromium's workers.
 */
export function localIndex(size = 100_000) {
  const rows = Array.from({ length: size }, (_, n) => row(n));
  const index = new LocalIndex();
  index.objects = ['contact', 'company', 'deal'];
  const began = performance.now();
  for (let from = 0; from < size; from += segmentRows) index.add(makeSegment(rows.slice(from, from + segmentRows)));
  const made = performance.now() - began;
  const times = Array.from({ length: 20 }, () =>
    typed.map((q) => {
      const start = performance.now();
      index.search(q, 5);
      return performance.now() - start;
    }),
  ).flat();
  const changed = performance.now();
  index.put(rows.slice(0, 50));
  const round = (ms: number) => Math.round(ms * 10) / 10;
  return [
    {
      name: 'local.index.search',
      p50: round(percentile(times, 0.5)),
      p95: round(percentile(times, 0.95)),
      p99: round(percentile(times, 0.99)),
    },
    { name: 'local.index.make', value: Math.round(made), unit: 'ms' },
    { name: 'local.index.change50', value: round(performance.now() - changed), unit: 'ms' },
  ];
}

function row(n: number): MirrorRow {
  // As good as random, and the same in every run.
  const pick = (from: readonly string[], by: number) => from[Math.abs(Math.imul(n + 1, by) >> 8) % from.length] ?? '';
  const chinese = n % 2 === 0;
  const object = ['contact', 'company', 'deal'][n % 3] ?? 'contact';
  const title = chinese
    ? n % 4 === 0
      ? `${pick(places, 7919)}${pick(han, 104_729)}${pick(han, 1_299_709)}${pick(trades, 15_485_863)}有限公司`
      : `${pick(han, 104_729)}${pick(han, 1_299_709)}${pick(han, 15_485_863)}`
    : `${pick(given, 7919)} ${pick(family, 104_729)} ${n % 997}`;
  const sounds: number[] = [titleRanks.pinyin, titleRanks.innerPinyin, textRanks.pinyin];
  const digits = String(10_000_000 + (Math.imul(n, 7919) >>> 6)).slice(-8);
  return {
    object,
    id: `01930000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    title,
    subtitle: `${pick(given, 31)} & Co`,
    at: 1_700_000_000 + n,
    texts: [
      ['email', `user${n}@mail${n % 5000}.example.com`],
      ['phone', `+86 138 ${digits.slice(0, 4)} ${digits.slice(4)}`],
    ],
    spelt: chinese
      ? rankedKeys([title]).flatMap(({ key, rank }): [string, number][] => (sounds.includes(rank) ? [[key, rank]] : []))
      : undefined,
  };
}
