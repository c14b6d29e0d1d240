import { describe, expect, it } from 'vitest';
import { VcardReader } from '@/domain/vcard';
import { vcardRow } from '@/domain/vcard-rows';
import type { RecordRow } from '@/server/core/records';
import { refusalView } from '@/server/core/trpc';
import { cardOf } from '@/server/exports/vcard';
import { exportedFile } from '../support/exports';
import { createTestTenant } from '../support/tenants';

const id = '01936f2e-0000-7000-8000-000000000001';
const record = (values: Record<string, unknown>, company: string | null = null): RecordRow => ({
  id,
  version: 1,
  refs: { companyId: company },
  ...values,
});

const ada = record(
  {
    name: 'Ada Lovelace',
    firstName: 'Ada',
    lastName: 'Lovelace',
    salutation: 'Dr.',
    department: 'R&D; Analysis',
    jobTitle: 'Engineer, chief',
    email: 'ada@example.com',
    otherEmail: 'lovelace@home.example',
    phone: '+44 20 7946 0000',
    mobile: '+44 7700 900000',
    homePhone: '020 1',
    otherPhone: '020 2',
    fax: '020 3',
    assistant: 'Charles',
    assistantPhone: '020 4',
    wechat: 'ada_1815',
    whatsapp: '+447700900000',
    linkedin: 'https://www.linkedin.com/in/ada',
    birthday: '1815-12-10',
    street: '12 St James\u2019s Sq',
    street2: 'Flat 3',
    district: 'Westminster',
    city: 'London',
    state: 'Greater London',
    postalCode: 'SW1Y 4JH',
    country: 'United Kingdom',
    timeZone: 'Europe/London',
    tags: ['vip', 'a,b;c'],
    description: 'First line\nSecond; line, with \\ and more than seventy-five bytes of text in it, 第二行也很长。',
    updatedAt: '2026-11-23T18:05:30.5Z',
    companyId: 'c1',
  },
  'Analytical; Engines, Ltd',
);

/** A card as the importer reads it. */
function readBack(card: string) {
  const reader = new VcardReader();
  const [found] = [...reader.push(card), ...reader.end()];
  if (!found) throw new Error('No card was read');
  return { version: found.version, row: Object.fromEntries(vcardRow(found) ?? []) };
}

describe('a contact as a card', () => {
  it('is written line by line as vCard 3.0', () => {
    const unfolded = cardOf(ada, '3.0').replace(/\r\n /g, '');
    expect(unfolded.split('\r\n')).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'PRODID:-//Guanxi//Guanxi//EN',
      `UID:urn:uuid:${id}`,
      `X-GUANXI-ID:${id}`,
      'N:Lovelace;Ada;;Dr.;',
      'FN:Ada Lovelace',
      'X-GUANXI-COMPANY-ID:c1',
      'ORG:Analytical\\; Engines\\, Ltd;R&D\\; Analysis',
      'TITLE:Engineer\\, chief',
      'EMAIL;TYPE=INTERNET;TYPE=PREF:ada@example.com',
      'EMAIL;TYPE=INTERNET:lovelace@home.example',
      'TEL;TYPE=WORK:+44 20 7946 0000',
      'TEL;TYPE=CELL:+44 7700 900000',
      'TEL;TYPE=HOME:020 1',
      'TEL;TYPE=FAX:020 3',
      'item1.TEL:020 2',
      'item1.X-ABLabel:Other',
      'item2.TEL:020 4',
      'item2.X-ABLabel:Assistant',
      'item3.X-ABRELATEDNAMES:Charles',
      'item3.X-ABLabel:Assistant',
      'IMPP;X-SERVICE-TYPE=WeChat:wechat:ada_1815',
      'IMPP;X-SERVICE-TYPE=WhatsApp:whatsapp:+447700900000',
      'X-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/in/ada',
      'BDAY:1815-12-10',
      'ADR;TYPE=WORK:;Flat 3;12 St James\u2019s Sq;London;Greater London;SW1Y 4JH;United Kingdom',
      'X-DISTRICT:Westminster',
      'TZ;VALUE=text:Europe/London',
      'CATEGORIES:vip,a\\,b\\;c',
      'NOTE:First line\\nSecond\\; line\\, with \\\\ and more than seventy-five bytes of text in it\\, 第二行也很长。',
      'REV:2026-11-23T18:05:30Z',
      'END:VCARD',
      '',
    ]);
  });

  it('is the same as vCard 4.0, in its own notation', () => {
    const lines = cardOf(ada, '4.0').replace(/\r\n /g, '').split('\r\n');
    expect(lines).toContain('VERSION:4.0');
    expect(lines).toContain('KIND:individual');
    // In a plain text a semicolon is itself; what has parts escapes it.
    expect(lines).toContain('CATEGORIES:vip,a\\,b;c');
    expect(lines).toContain('ORG:Analytical\\; Engines\\, Ltd;R&D\\; Analysis');
    expect(lines).toContain('EMAIL;PREF=1:ada@example.com');
    expect(lines).toContain('EMAIL:lovelace@home.example');
    expect(lines).toContain('BDAY:18151210');
    expect(lines).toContain('TZ:Europe/London');
    expect(lines).toContain('REV:20261123T180530Z');
  });

  it.each(['3.0', '4.0'] as const)('%s has no line of more than 75 bytes, and takes no character apart', (version) => {
    const long = record({ name: '𠮷野家'.repeat(60), description: '两行\r\n备注'.repeat(200) });
    const card = cardOf(long, version);
    const lines = card.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBe(75);
    expect(card).not.toContain('\uFFFD');
    expect(lines.every((line) => line.isWellFormed())).toBe(true);
    expect(readBack(card).row).toMatchObject({ 'Full Name': '𠮷野家'.repeat(60), Notes: '两行\n备注'.repeat(200) });
  });

  it.each(['3.0', '4.0'] as const)('%s is read by our importer as it was', (version) => {
    const { version: read, row } = readBack(cardOf(ada, version));
    expect(read).toBe(version);
    expect(row).toEqual({
      'Full Name': 'Ada Lovelace',
      'First Name': 'Ada',
      'Last Name': 'Lovelace',
      Salutation: 'Dr.',
      Company: 'Analytical; Engines, Ltd',
      'Guanxi Company Id': 'c1',
      Department: 'R&D; Analysis',
      'Job Title': 'Engineer, chief',
      Email: 'ada@example.com',
      'Other Email': 'lovelace@home.example',
      Phone: '+44 20 7946 0000',
      'Mobile Phone': '+44 7700 900000',
      'Home Phone': '020 1',
      'Other Phone': '020 2',
      Fax: '020 3',
      Assistant: 'Charles',
      'Assistant Phone': '020 4',
      WeChat: 'ada_1815',
      WhatsApp: '+447700900000',
      LinkedIn: 'https://www.linkedin.com/in/ada',
      Birthday: '1815-12-10',
      Street: '12 St James\u2019s Sq',
      'Street 2': 'Flat 3',
      District: 'Westminster',
      City: 'London',
      State: 'Greater London',
      'Postal Code': 'SW1Y 4JH',
      Country: 'United Kingdom',
      'Time Zone': 'Europe/London',
      Tags: 'vip; "a,b;c"',
      Notes: ada.description,
      UID: id,
      'Guanxi Id': id,
    });
  });

  it('of a name that nobody has taken apart has it whole, where telephones look for it', () => {
    const card = cardOf(record({ name: '王小明' }), '3.0');
    expect(card).toContain('N:;王小明;;;\r\nFN:王小明\r\n');
    // Nothing it does not know is on it.
    expect(card.split('\r\n').filter((line) => /:$|:;*$/.test(line))).toEqual([]);
  });

  it('cannot be broken out of', () => {
    const name = 'A\r\nEND:VCARD\r\nBEGIN:VCARD\u0000\u0007';
    const reader = new VcardReader();
    const cards = [...reader.push(cardOf(record({ name, tags: ['x\nNOTE:y'] }), '4.0')), ...reader.end()];
    expect(cards).toHaveLength(1);
    expect(cards[0]?.properties.map((property) => property.name)).not.toContain('NOTE');
  });

  it('is one of a list’s, in its order, and only contacts have them', async () => {
    const tenant = await createTestTenant();
    const company = await tenant.api.companies.create({ values: { name: 'Acme' } });
    for (const name of ['Bea', 'Ada'])
      await tenant.api.contacts.create({ values: { name, companyId: company.id, email: `${name}@example.com` } });
    const sort = [{ field: 'name', dir: 'asc' as const }];
    const { name, bytes } = await exportedFile(tenant, { object: 'contact', format: 'vcard', sort, vcard: '4.0' });
    expect(name).toMatch(/^Contacts \d{4}-\d\d-\d\d\.vcf$/);
    expect([...bytes.toString().matchAll(/^(?:FN|ORG|VERSION):(.*)\r$/gm)].map(([, value]) => value)).toEqual(
      ['Ada', 'Bea'].flatMap((each) => ['4.0', each, 'Acme']),
    );
    // A mark at the beginning is text to telephones.
    expect(bytes.subarray(0, 5).toString()).toBe('BEGIN');
    const filter = { field: 'name', op: 'is' as const, value: 'Nobody' };
    expect((await exportedFile(tenant, { object: 'contact', format: 'vcard', filter })).bytes.toString()).toBe('\r\n');
    const refused = await tenant.api.exports.start({ object: 'company', format: 'vcard' }).catch(refusalView);
    expect(refused).toMatchObject({ kind: 'invalid' });
    expect(JSON.stringify(refused)).toContain('vcardOfContacts');
  });
});
