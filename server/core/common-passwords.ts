/**
 * Passwords that attackers try first and that pass the length rule: what lists of leaked passwords are full of. They are
 * words, once or several times, with endings before or behind; and runs along the keyboard. Words and endings are kept
 * apart, so a hundred thousand passwords need two short lists.
 */

/** @param lower the password in lower case; letters written as digits and signs are read as letters too */
export function isCommonPassword(lower: string): boolean {
  return [lower, unmasked(lower)].some((text) => runs.has(text) || isWordWithEndings(text));
}

/** Whether a text is a common word, up to six times, with an ending before it, behind it or both. */
function isWordWithEndings(text: string): boolean {
  for (let from = 0; from <= 12 && from < text.length; from++) {
    if (!isEnding(text.slice(0, from))) continue;
    for (let to = Math.max(from + 2, text.length - 12); to <= text.length; to++) {
      if (isEnding(text.slice(to)) && isRepeatedWord(text.slice(from, to))) return true;
    }
  }
  return false;
}

/** One ending or two: `520520`, `123!`. */
function isEnding(text: string): boolean {
  if (endings.has(text)) return true;
  for (let at = 1; at < text.length; at++) {
    if (endings.has(text.slice(0, at)) && endings.has(text.slice(at))) return true;
  }
  return false;
}

function isRepeatedWord(text: string): boolean {
  return [1, 2, 3, 4, 6].some((times) => {
    const word = text.slice(0, text.length / times);
    return text.length % times === 0 && (words.has(word) || endings.has(word)) && word.repeat(times) === text;
  });
}

/** `p@ssw0rd` is `password`; endings of digits stay as they are. */
function unmasked(lower: string): string {
  const [, head = '', tail = ''] = /^(.*?)([\d!.@#$*?]*)$/.exec(lower) ?? [];
  return head.replace(/[@4301!$57]/g, (sign) => letters[sign] ?? sign) + tail;
}

const letters: Record<string, string> = { '@': 'a', 4: 'a', 3: 'e', 0: 'o', 1: 'i', '!': 'i', $: 's', 5: 's', 7: 't' };

/** Words such passwords are made of. */
export const words = new Set(
  `password passw0rd p@ssword p@ssw0rd passwort motdepasse contrasena senha wachtwoord
  admin administrator root user guest test testing default demo login welcome hello changeme letmein secret master
  access system server support manager company business office sales customer service account internet computer
  qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx 1q2w3e4r 1qaz2wsx q1w2e3r4 qweasd qweasdzxc
  iloveyou loveyou love lover sweetheart forever family mother father sister brother baby angel princess prince queen
  sunshine summer winter spring autumn monday friday january february march april june july august september october
  november december football baseball basketball soccer hockey tennis golf liverpool chelsea arsenal barcelona
  realmadrid manchester juventus dragon monkey tiger lion eagle falcon wolf panther dolphin butterfly flower rose
  superman batman spiderman starwars pokemon naruto minecraft fortnite matrix ninja pirate warrior killer hunter
  shadow phantom diamond silver golden rainbow purple orange yellow cookie chocolate cheese banana pepper coffee
  michael jessica jennifer jordan michelle daniel charlie thomas andrew joshua matthew robert william elizabeth
  nicole ashley amanda samantha victoria alexander benjamin christopher maria george david james
  america canada london paris berlin germany france spain italy russia moscow china beijing shanghai hongkong
  google facebook microsoft windows apple iphone samsung android youtube linkedin twitter instagram whatsapp
  mustang ferrari porsche corvette harley mercedes trustno1 whatever nothing freedom liberty blessed jesus christ
  heaven god hello123 abc123 abcd1234 abcdef abc abcd a1b2c3d4 aa123456 zaq12wsx pass pass1234 temp letmein1 crm
  salesforce hubspot guanxi woaini woaini1314 wodemima mima aini nihao zhongguo beijing shanghai shenzhen guangzhou
  hangzhou nanjing chengdu tianjin wuhan zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuyang wangli
  xiaoming xiaohong baobao laopo laogong mama baba tianxia huawei xiaomi alibaba tencent taobao weixin wechat qq
  longlong facai gongxi gongxifacai xinnian kuaile yiqi nishishui caonima wobuzhidao jiushiwo
  我爱你 我爱中国 中华人民共和国 恭喜发财 万事如意 心想事成 新年快乐 生日快乐 你好世界 我的密码 密码 一二三四五六七八九十
  好好学习天天向上 平安 大吉大利 你好 中国 老婆 老公 宝贝`.split(/\s+/),
);

/** What people put before or behind them to fill a rule; years too. */
export const endings = new Set([
  '',
  ...`1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0 00 000 0000 01 007 11 111 1111
  111111 2 22 222 69 77 777 88 888 8888 888888 666 6666 666666 99 999 9999 321 4321 54321 654321 987654321 121 1212 123123
  123321 112233 147258 159357 246810 1314 520 5201314 1314520 521 abc abcd xyz qwe qwerty asd a aa ok
  ! !! !!! ? . @ # * 1! 12! 123! 1234! 12345! 123456! @1 @12 @123 @1234 @12345 @123456 !1 !12 !123 !1234 !@# !@#$ #1 #123
  1@ 123@ 123# 123. 123? 1234. admin user test pass password login`.split(/\s+/),
  ...Array.from({ length: 71 }, (_, i) => String(1960 + i)).flatMap((y) => [y, `${y}!`, `@${y}`, `${y}.`, `#${y}`]),
]);

/** Rows of keys and of digits, forwards, backwards, repeated and interleaved. */
const runs = new Set(keyRuns());

function keyRuns(): string[] {
  const rows = [
    ...['1234567890', '0123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnopqrstuvwxyz', '7894561230'],
    ...['147258369', '741852963', '159357', '123456', '654321', '112233445566', '102030405060', '13579', '24680'],
    ...[
      'qazwsxedcrfvtgbyhnujmikolp',
      '1qaz2wsx3edc4rfv5tgb',
      'zaq1xsw2cde3vfr4',
      'q1w2e3r4t5y6u7i8o9p0',
      '1q2w3e4r5t6y7u8i9o0p',
      'zaq12wsxcde34rfv',
      'a1234567890b',
    ],
    ...[
      '5201314',
      '1314520',
      '31415926535',
      '271828182845',
      '789456123',
      '321654987',
      '520520',
      '131313',
      '168168',
      '888666',
    ],
    ...[
      'qwertyuiopasdfghjklzxcvbnm',
      'asdfghjklqwertyuiop',
      'qwertyuiop1234567890',
      '1234567890qwertyuiop',
      'qwer1234asdf',
    ],
  ];
  const both = rows.flatMap((row) => [row, [...row].reverse().join('')]);
  return both.flatMap((row) => {
    const long = row.repeat(Math.ceil(40 / row.length));
    const starts = Array.from({ length: row.length }, (_, i) => i);
    return starts.flatMap((at) => Array.from({ length: 9 }, (_, more) => long.slice(at, at + 12 + more)));
  });
}
