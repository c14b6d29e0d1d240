/** What a browser says of itself, in the words it is known by. Null parts are not recognised. */
export interface Device {
  kind: 'computer' | 'phone' | 'program';
  browser: string | null;
  system: string | null;
}

// The order matters: most browsers also call themselves the ones they descend from.
const browsers: [RegExp, string][] = [
  [/MicroMessenger/, 'WeChat'],
  [/DingTalk/, 'DingTalk'],
  [/\bLark|Feishu/, 'Lark'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/HuaweiBrowser/, 'Huawei Browser'],
  [/MiuiBrowser/, 'Mi Browser'],
  [/UCBrowser/, 'UC Browser'],
  [/QQBrowser/, 'QQ Browser'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrom(e|ium)|CriOS|HeadlessChrome/, 'Chrome'],
  [/Safari/, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

/** Recognises a device by its user agent. */
export function deviceOf(userAgent: string | null): Device {
  const text = userAgent ?? '';
  const named = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(text))?.[1] ?? null;
  const browser = named(browsers);
  const system = named(systems);
  if (text && !browser && !/^Mozilla\//.test(text)) return { kind: 'program', browser, system };
  return { kind: /Mobile|iPhone|iPad|Android/.test(text) ? 'phone' : 'computer', browser, system };
}
