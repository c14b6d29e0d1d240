import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import yazl from 'yazl';

/** Files as one zip, by path. */
export async function zipOf(
  files: readonly (readonly [name: string, content: string | Uint8Array])[],
  options: { zip64?: boolean } = {},
): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of files)
    zip.addBuffer(Buffer.from(content), name, { forceZip64Format: options.zip64 ?? false });
  zip.end();
  return new Uint8Array(await buffer(zip.outputStream));
}

/** Short ASCII files as one zip, not packed: for more of them than a packer makes in the time of a test. */
export function storedZipOf(files: readonly (readonly [name: string, content: string])[]): Uint8Array {
  const inside: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const data = Buffer.from(content);
    // Version, flags, method, time and date, checksum, sizes, length of the name and of what follows it.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(10, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    inside.push(local);
    directory.push(Buffer.from('PK\x01\x02\x0a\x00'), common, rest, Buffer.from(name));
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...inside, listed, end]));
}

const xml = (content: string) => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`;
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships';

export interface TestSheet {
  name: string;
  state?: 'hidden' | 'veryHidden';
  /** What stands in `sheetData`. */
  rows: string;
  /** What stands behind it. */
  after?: string;
}

/** A workbook as Excel writes it. */
export function workbookOf(
  sheets: readonly TestSheet[],
  {
    strings = [],
    styles = '',
    since1904 = false,
  }: { strings?: readonly string[]; styles?: string; since1904?: boolean } = {},
): Promise<Uint8Array> {
  const type = (name: string) => `${relations}/${name}`;
  return zipOf([
    ['[Content_Types].xml', xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')],
    [
      '_rels/.rels',
      xml(
        `<Relationships xmlns="${packaged}"><Relationship Id="rId1" Type="${type('officeDocument')}" Target="xl/workbook.xml"/></Relationships>`,
      ),
    ],
    [
      'xl/workbook.xml',
      xml(
        `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr${since1904 ? ' date1904="1"' : ''}/><sheets>${sheets
          .map(
            ({ name, state }, i) =>
              `<sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`,
          )
          .join('')}</sheets></workbook>`,
      ),
    ],
    [
      'xl/_rels/workbook.xml.rels',
      xml(
        `<Relationships xmlns="${packaged}">${sheets
          .map(
            (_, i) =>
              `<Relationship Id="rId${i + 1}" Type="${type('worksheet')}" Target="worksheets/sheet${i + 1}.xml"/>`,
          )
          .join(
            '',
          )}<Relationship Id="rIdS" Type="${type('sharedStrings')}" Target="/xl/sharedStrings.xml"/><Relationship Id="rIdT" Type="${type('styles')}" Target="styles.xml"/></Relationships>`,
      ),
    ],
    ['xl/styles.xml', xml(`<styleSheet xmlns="${main}">${styles}</styleSheet>`)],
    ['xl/sharedStrings.xml', xml(`<sst xmlns="${main}">${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`)],
    ...sheets.map(
      ({ rows, after = '' }, i) =>
        [
          `xl/worksheets/sheet${i + 1}.xml`,
          xml(`<worksheet xmlns="${main}"><sheetData>${rows}</sheetData>${after}</worksheet>`),
        ] as const,
    ),
  ]);
}

/** A sheet whose cells are texts written into it. */
export function sheetOf(rows: readonly (readonly string[])[]): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return rows
    .map(
      (cells) => `<row>${cells.map((text) => `<c t="inlineStr"><is><t>${escaped(text)}</t></is></c>`).join('')}</row>`,
    )
    .join('');
}
