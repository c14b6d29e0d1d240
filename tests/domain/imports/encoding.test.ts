import { describe, expect, it } from 'vitest';
import { decodeText, detectEncoding, type Encoding, textDecoder } from '@/domain/imports/encoding';
import { readCsv } from '@/tests/support/read-csv';
import { hasRealData, realBytes, realText } from '@/tests/support/real-data';

const bytes = (...values: number[]) => new Uint8Array(values);
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, little: boolean) => {
  const out = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) out.setUint16(i * 2, text.charCodeAt(i), little);
  return new Uint8Array(out.buffer);
};
const utf32 = (text: string, little: boolean) => {
  const points = [...text];
  const out = new DataView(new ArrayBuffer(points.length * 4));
  for (const [i, point] of points.entries()) out.setUint32(i * 4, point.codePointAt(0) ?? 0, little);
  return new Uint8Array(out.buffer);
};

describe('the encoding of a file', () => {
  it('is said by its byte order mark', () => {
    expect(detectEncoding(bytes(0xef, 0xbb, 0xbf, 0x61))).toEqual({ encoding: 'utf-8', confidence: 1, bom: 3 });
    expect(detectEncoding(bytes(0xff, 0xfe, 0x61, 0)).encoding).toBe('utf-16le');
    expect(detectEncoding(bytes(0xfe, 0xff, 0, 0x61)).encoding).toBe('utf-16be');
    expect(detectEncoding(bytes(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0)).encoding).toBe('utf-32le');
    expect(detectEncoding(bytes(0, 0, 0xfe, 0xff, 0, 0, 0, 0x61)).encoding).toBe('utf-32be');
  });

  it('is seen by where the zeros stand when there is no mark', () => {
    const text = 'name,city\nMüller,Zürich\n万科企业,深圳\n'.repeat(3);
    for (const little of [true, false]) {
      expect(detectEncoding(utf16(text, little)).encoding).toBe(little ? 'utf-16le' : 'utf-16be');
      expect(detectEncoding(utf32(text, little)).encoding).toBe(little ? 'utf-32le' : 'utf-32be');
    }
  });

  it('is UTF-8 when every byte fits, also when the sample ends within a character', () => {
    const sample = utf8('名称,城市\n万科企业');
    expect(detectEncoding(sample).encoding).toBe('utf-8');
    expect(detectEncoding(sample.slice(0, -1), { truncated: true }).encoding).toBe('utf-8');
    expect(detectEncoding(sample.slice(0, -1)).encoding).not.toBe('utf-8');
    expect(detectEncoding(new Uint8Array(0)).encoding).toBe('utf-8');
  });

  it('is windows-1252 where high bytes stand between Latin letters', () => {
    const text = 'Name;Ort;Umsatz\nM\xfcller & S\xf6hne;Z\xfcrich;1.234,56 \x80\nCaf\xe9 Ren\xe9;Gen\xe8ve;99\n';
    const latin = Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(detectEncoding(latin).encoding).toBe('windows-1252');
    expect(decodeText(latin, 'windows-1252')).toContain('Müller & Söhne;Zürich;1.234,56 €');
  });

  it('is Big5 for traditional Chinese in two bytes', () => {
    // 公司,城市 / 台灣積體電路,新竹 / 鴻海精密,新北
    const big5 = bytes(
      0xa4,
      0xbd,
      0xa5,
      0x71,
      0x2c,
      0xab,
      0xb0,
      0xa5,
      0xab,
      0x0a,
      0xa5,
      0x78,
      0xc6,
      0x57,
      0xbf,
      0x6e,
      0xc5,
      0xe9,
      0xb9,
      0x71,
      0xb8,
      0xf4,
      0x2c,
      0xb7,
      0x73,
      0xa6,
      0xcb,
      0x0a,
      0xc2,
      0x45,
      0xae,
      0xfc,
      0xba,
      0xeb,
      0xb1,
      0x4b,
      0x2c,
      0xb7,
      0x73,
      0xa5,
      0x5f,
    );
    expect(detectEncoding(big5).encoding).toBe('big5');
    expect(decodeText(big5, 'big5')).toBe('公司,城市\n台灣積體電路,新竹\n鴻海精密,新北');
  });
});

describe('decoding', () => {
  it('gives the same text however the file is cut', () => {
    const text = 'a,名称,😀\nMüller,万科\n';
    const files: [Encoding, Uint8Array][] = [
      ['utf-8', utf8(`\uFEFF${text}`)],
      ['utf-16le', utf16(`\uFEFF${text}`, true)],
      ['utf-16be', utf16(`\uFEFF${text}`, false)],
      ['utf-32le', utf32(`\uFEFF${text}`, true)],
      ['utf-32be', utf32(`\uFEFF${text}`, false)],
    ];
    for (const [encoding, file] of files) {
      for (let size = 1; size < 7; size++) {
        const decoder = textDecoder(encoding);
        let out = '';
        for (let at = 0; at < file.length; at += size) out += decoder.decode(file.slice(at, at + size));
        expect(out + decoder.end()).toBe(text);
      }
    }
  });

  it('marks what it could not read', () => {
    expect(decodeText(bytes(0x61, 0xff, 0x62, 0xe4), 'utf-8')).toBe('a\uFFFDb\uFFFD');
    // Beyond Unicode, and a lone surrogate.
    expect(decodeText(bytes(0, 0x11, 0, 0, 0, 0, 0xd8, 0), 'utf-32be')).toBe('\uFFFD\uFFFD');
  });
});

describe.skipIf(!hasRealData)('real files', () => {
  it('reads the six Salesforce files alike', () => {
    const names = [
      'csvtext',
      'csvtext_BOM_UTF8',
      'csvtext_BOM_UTF16LE',
      'csvtext_BOM_UTF16BE',
      'csvtext_BOM_UTF32LE',
      'csvtext_BOM_UTF32BE',
    ];
    const encodings = names.map((name) => {
      const file = readCsv(realBytes(`salesforce-encodings/${name}.csv`));
      expect(file.headers).toEqual(['column1', 'column2', 'column3']);
      expect(file.rows).toEqual([
        ['row1-1', 'row1-2', 'row1-3'],
        ['row2-1', 'row2-2', 'row2-3'],
      ]);
      return file.encoding;
    });
    expect(encodings).toEqual(['utf-8', 'utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be']);
  });

  it('reads the listed companies alike in GB 18030 and UTF-8', () => {
    const gb = readCsv(realBytes('cn-listed-companies/listed_companies.gb18030.csv'));
    const utf = readCsv(realBytes('cn-listed-companies/listed_companies.utf8bom.csv'));
    expect(gb.encoding).toBe('gb18030');
    expect(utf.encoding).toBe('utf-8');
    expect(gb.headers).toEqual(utf.headers);
    expect(gb.headers[0]).toBe('股票代码');
    expect(gb.rows).toHaveLength(5418);
    expect(gb.rows).toEqual(utf.rows);
  });

  it('tells GB 18030 from a few lines of it', () => {
    const file = realBytes('cn-listed-companies/listed_companies.gb18030.csv');
    for (const size of [200, 401, 1000, 5003]) {
      expect(detectEncoding(file.slice(0, size), { truncated: true }).encoding).toBe('gb18030');
    }
  });

  it('takes all other real files for UTF-8', () => {
    for (const path of ['maven-crm-sales/sales_pipeline.csv', 'hubspot-dummy/hubspot_contacts.csv', 'blns/blns.txt']) {
      expect(detectEncoding(realBytes(path)).encoding).toBe('utf-8');
      expect(decodeText(realBytes(path), 'utf-8')).toBe(realText(path).replace(/^\uFEFF/, ''));
    }
  });
});
