import { describe, expect, it } from 'vitest';
import { decodeText, detectEncoding } from '@/domain/imports/encoding';
import { type Vcard, VcardReader } from '@/domain/vcard';
import { vcardCells, vcardHeaders, vcardRow } from '@/domain/vcard-rows';
import { hasRealData, realBytes } from '../support/real-data';

/** Reads in pieces of a few characters, so that every line is cut somewhere. */
function cardsOf(text: string, piece = 7): Vcard[] {
  const reader = new VcardReader();
  const cards: Vcard[] = [];
  for (let at = 0; at < text.length; at += piece) cards.push(...reader.push(text.slice(at, at + piece)));
  return [...cards, ...reader.end()];
}

const cardsWith = (reader: VcardReader, text: string) => [...reader.push(text), ...reader.end()];
const card = (...lines: string[]) => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');
const rowOf = (...lines: string[]) => {
  const [first] = cardsOf(card(...lines));
  return first ? Object.fromEntries(vcardRow(first) ?? []) : null;
};

describe('a vCard', () => {
  it('is put together from folded lines, each version as its own rule says', () => {
    expect(rowOf('VERSION:3.0', 'FN:Ann Example', 'NOTE:one tw', ' o three')).toMatchObject({ Notes: 'one two three' });
    expect(rowOf('VERSION:2.1', 'FN:Ann Example', 'NOTE:one', ' two')).toMatchObject({ Notes: 'one two' });
    expect(
      rowOf('VERSION:2.1', 'FN:Ann', 'NOTE;ENCODING=QUOTED-PRINTABLE:first=0D=0A=', 'second=3D2', 'TEL:1'),
    ).toMatchObject({ Notes: 'first\nsecond=2', Phone: '1' });
  });

  it('is read in the character set it names, or else in the one its bytes are in', () => {
    const name = '=CD=F5=D0=A1=C3=F7';
    expect(rowOf('VERSION:2.1', `FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:${name}`)).toMatchObject({
      'Full Name': '王小明',
    });
    expect(rowOf('VERSION:2.1', 'FN;QUOTED-PRINTABLE:=E7=8E=8B=E5=B0=8F=E6=98=8E')).toMatchObject({
      'Full Name': '王小明',
    });
  });

  it('keeps what escapes stand for, and separators that are escaped', () => {
    expect(rowOf('VERSION:4.0', 'FN:Doe\\, Jane', 'ORG:Acme\\; Sons;Sales;East', 'NOTE:a\\nb\\\\c')).toEqual({
      'Full Name': 'Doe, Jane',
      Company: 'Acme; Sons',
      Department: 'Sales / East',
      Notes: 'a\nb\\c',
    });
  });

  it('tells Chinese names apart from Western ones', () => {
    expect(rowOf('VERSION:3.0', 'N:王;小明;;;', 'FN:小明 王')).toMatchObject({
      'Full Name': '王小明',
      'First Name': '小明',
      'Last Name': '王',
    });
    expect(rowOf('VERSION:3.0', 'N:欧阳;娜娜;;;')).toMatchObject({ 'Full Name': '欧阳娜娜' });
    expect(rowOf('VERSION:3.0', 'N:Doe;Jane;Q.;Dr.;PhD')).toMatchObject({ 'Full Name': 'Dr. Jane Q. Doe PhD' });
  });

  it('gives phones, addresses and mails the columns their labels say, the preferred first', () => {
    expect(
      rowOf(
        'VERSION:3.0',
        'FN:Ann Example',
        'TEL;TYPE=CELL:1',
        'TEL;TYPE=HOME:2',
        'TEL;TYPE=CELL:7',
        'TEL;TYPE=CELL,VOICE:1',
        'TEL;TYPE=WORK,FAX:3',
        'item1.TEL:4',
        'item1.X-ABLabel:GRAND_CENTRAL',
        'TEL;TYPE=WORK;VALUE=uri:tel:+1-418-656-9254;ext=102',
        'TEL:6',
        'EMAIL:other@example.com',
        'EMAIL;TYPE=PREF:first@example.com',
        'ADR;TYPE=WORK:;Suite 5;1 Main St;Springfield;IL;62701;USA',
        'ADR;TYPE=HOME:;;2 Elm St;Springfield;IL;62702;USA',
      ),
    ).toMatchObject({
      'Mobile Phone': '1',
      'Home Phone': '2',
      Fax: '3',
      'Other Phone': '7',
      'Other Phone 2': '4',
      Phone: '+1-418-656-9254 ext. 102',
      'Other Phone 3': '6',
      Email: 'first@example.com',
      'Other Email': 'other@example.com',
      Street: '1 Main St',
      'Street 2': 'Suite 5',
      'Postal Code': '62701',
      'Home Street': '2 Elm St',
      'Home City': 'Springfield',
    });
  });

  it('keeps what has no field of its own under the name people gave it', () => {
    expect(
      rowOf(
        'VERSION:3.0',
        'FN:Ann Example',
        'X-QQ:10001',
        'IMPP;X-SERVICE-TYPE=WeChat:x-apple:ann-wx',
        'item1.X-ABDATE:20100501',
        'item1.X-ABLabel:_$!<Anniversary>!$_',
        'item2.X-ABRELATEDNAMES:Bob',
        'item2.X-ABLabel:_$!<Spouse>!$_',
        'BDAY:--0203',
        'CATEGORIES:VIP,Friends',
        'UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1',
      ),
    ).toMatchObject({
      QQ: '10001',
      WeChat: 'ann-wx',
      Anniversary: '2010-05-01',
      Spouse: 'Bob',
      Birthday: 'Feb 3',
      Tags: 'VIP; Friends',
      UID: '4fbe8971-0bc3-424c-9c26-36c3e1eff6b1',
    });
  });

  it('passes over groups of people and pictures, and counts the pictures', () => {
    const reader = new VcardReader();
    const text =
      card('VERSION:3.0', 'X-ADDRESSBOOKSERVER-KIND:group', 'FN:Team') +
      card('VERSION:2.1', 'PHOTO;BASE64:', ' AAAA', 'BBBB', '', 'FN:Ann');
    const cards = [...reader.push(text), ...reader.end()];
    expect(cards.map((each) => vcardRow(each)?.get('Full Name') ?? null)).toEqual([null, 'Ann']);
    expect(reader.binaries).toBe(1);
  });

  it('is bounded: hostile text makes neither it nor its table grow', () => {
    const properties = Array.from({ length: 5000 }, (_, i) => `X-P${i}:${i}`);
    const [wide] = cardsOf(card('VERSION:3.0', 'FN:Ann', ...properties), 10_000);
    const row = wide ? vcardRow(wide) : null;
    if (!row) throw new Error('The card was not read');
    const headers = vcardHeaders([...row.keys(), 'Notes']);
    expect(headers.length).toBeLessThanOrEqual(201);
    const notes = vcardCells(row, headers)[headers.indexOf('Notes')];
    expect(notes).toContain('P1500: 1500');
    expect(cardsOf(`BEGIN:VCARD\n${'BEGIN:VCARD\n'.repeat(1000)}FN:x\nEND:VCARD\n`, 1000)).toHaveLength(1);
    const long = new VcardReader();
    const [cut] = cardsWith(
      long,
      card('FN:Ann', ...Array.from({ length: 30 }, () => `NOTE:${'x'.repeat(50_000)}`), 'TEL:1'),
    );
    expect(cut && vcardRow(cut)?.get('Notes')?.length).toBeLessThan(500_000);
    expect(long.unfinished).toBe(1);
  });

  it('without its end ends where the next begins, unless it holds that one, or where the file ends', () => {
    const reader = new VcardReader();
    const names = (cards: Vcard[]) => cards.map((each) => vcardRow(each)?.get('Full Name'));
    expect(names(reader.push('BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nFN:Bob\nAGENT:\n'))).toEqual(['Ann']);
    expect(names(reader.push('BEGIN:VCARD\nFN:Cid\nEND:VCARD\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:Dan\n'))).toEqual([
      'Cid',
      'Bob',
    ]);
    expect([names(reader.end()), reader.unfinished]).toEqual([['Dan'], 1]);
  });

  it('of a telephone keeps days without a year, what Android adds, and the name that is preferred', () => {
    expect(
      rowOf(
        'VERSION:4.0',
        'FN;PREF=2:Second',
        'FN;PREF=1:First',
        'BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-06',
        'X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Ming;1;;;',
        'X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2015-06-01;1;;',
        'X-CROP;ENCODING=BASE64:AAAA',
        'BBBB',
        '',
        'NOTE:one',
        'NOTE:two',
      ),
    ).toEqual({
      'Full Name': 'First',
      Nickname: 'Ming',
      Birthday: 'May 6',
      Anniversary: '2015-06-01',
      Notes: 'one\ntwo',
    });
  });
});

describe.skipIf(!hasRealData)('vCards of real address books', () => {
  const files: Record<string, number> = {
    John_Doe_ANDROID: 6,
    John_Doe_BLACK_BERRY: 1,
    John_Doe_EVOLUTION: 1,
    John_Doe_GMAIL: 1,
    John_Doe_IPHONE: 1,
    John_Doe_LOTUS_NOTES: 1,
    John_Doe_MAC_ADDRESS_BOOK: 1,
    John_Doe_MS_OUTLOOK: 1,
    fullcontact: 1,
    'gmail-list': 3,
    'gmail-single': 1,
    'gmail-single2': 1,
    issue114: 1,
    'outlook-2003': 1,
    'outlook-2007': 1,
    'rfc2426-example': 2,
    'rfc6350-example': 1,
    'thunderbird-MoreFunctionsForAddressBook-extension': 1,
  };
  const rows = (name: string) => {
    const bytes = realBytes(`vcard-ez/${name}.vcf`);
    const text = decodeText(bytes, detectEncoding(bytes).encoding);
    return cardsOf(text, 1000).map((each) => Object.fromEntries(vcardRow(each) ?? []));
  };

  it('gives the 26 people of the 18 files, each with a name', () => {
    const counts = Object.fromEntries(Object.keys(files).map((name) => [name, rows(name).length]));
    expect(counts).toEqual(files);
    const people = Object.keys(files).flatMap(rows);
    expect(people).toHaveLength(26);
    expect(people.filter((person) => !person['Full Name'])).toEqual([]);
  });

  it('reads each maker’s card as it was meant', () => {
    expect(rows('John_Doe_ANDROID')[2]).toMatchObject({ 'Full Name': 'Ñ Ñ Ñ Ñ Ñ', 'Mobile Phone': '123456789' });
    expect(rows('John_Doe_IPHONE')[0]).toMatchObject({
      'Full Name': 'Mr. John Richter James Doe Sr.',
      Company: 'IBM',
      Department: 'Accounting',
      'Mobile Phone': '905-555-1234',
      'Assistant Phone': '905-222-1234',
      Street: 'Silicon Alley 5',
      Birthday: '2012-06-06',
    });
    expect(rows('outlook-2003')[0]).toMatchObject({
      'Full Name': 'John Doe III',
      Company: 'Company, The',
      Department: 'TheDepartment',
      Notes: 'This is the note field!!\nSecond line\n\nThird line is empty',
      Birthday: '1980-03-21',
    });
    expect(rows('rfc6350-example')[0]).toMatchObject({
      Phone: '+1-418-656-9254 ext. 102',
      'Mobile Phone': '+1-418-262-6501',
      Birthday: 'Feb 3',
      'Postal Code': 'G1V 2M2',
    });
    expect(rows('fullcontact')[0]).toMatchObject({
      Company: 'Organization1; Organization2',
      Email: 'home@example.com',
      'Other Email 4': 'custom@example.com',
      Skype: 'skype',
    });
    expect(rows('issue114')[0]).toMatchObject({ Street: 'Dummy-Dummy-Strasse 1', City: 'Bad Homburg' });
  });
});
