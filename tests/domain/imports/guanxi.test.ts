import { describe, expect, it } from 'vitest';
import { choiceMeant } from '@/domain/imports/choices';
import { matchColumns } from '@/domain/imports/columns';
import { guessFile, guessProduct } from '@/domain/imports/recognise';
import { type ImportObject, importObjects, targetsOf } from '@/domain/imports/targets';
import en from '@/domain/messages/en/fields.json' with { type: 'json' };
import zh from '@/domain/messages/zh/fields.json' with { type: 'json' };

/** Header to target, as a file of ours is read. */
const targetsIn = (object: ImportObject, headers: string[]) =>
  Object.fromEntries(matchColumns(object, headers, [], 'guanxi').map(({ header, target }) => [header, target]));

describe('files of our own', () => {
  it('are known by one header, whatever else others write too', () => {
    const hubspot = ['Record ID', 'Lifecycle stage', 'HubSpot Team', 'Company Domain Name', 'Deal Stage'];
    expect(guessProduct(hubspot).product).toBe('hubspot');
    expect(guessProduct(['Guanxi ID', ...hubspot])).toEqual({ product: 'guanxi', confidence: 1 });
    // As it stands on a card.
    expect(guessProduct(['Full Name', 'Guanxi Id']).product).toBe('guanxi');
  });

  it.each(['company', 'contact', 'deal', 'product'] as const)('say what they hold: %s', (object) => {
    for (const words of [en, zh]) {
      const headers = ['Guanxi ID', ...Object.values(words[object])];
      expect(guessFile(headers, [], '').object).toBe(object);
    }
  });

  it.each([
    ['en', en],
    ['zh', zh],
  ] as const)('have each field under its label, and the id beside a name: %s', (_, words) => {
    const { company, contact, deal } = words;
    const parentId = `${company.parentId} ID`;
    const headers = ['Guanxi ID', ...Object.values(company), parentId, `${company.ownerId} ID`];
    const found = targetsIn('company', headers);
    expect(found).toMatchObject({
      'Guanxi ID': 'externalId',
      [company.name]: 'name',
      [company.legalName]: 'legalName',
      [company.street2]: 'street2',
      [company.shippingState]: 'shippingState',
      [company.parentId]: 'parent',
      [parentId]: 'parentExternalId',
      [`${company.ownerId} ID`]: 'ownerExternalId',
      [company.createdAt]: 'createdAt',
    });
    // No field that a file may set goes astray.
    const set = Object.entries(company).filter(([, label]) => found[label] === null);
    expect(set).toEqual([]);
    expect(targetsIn('contact', [contact.companyId, `${contact.companyId} ID`, `${contact.reportsToId} ID`])).toEqual({
      [contact.companyId]: 'company',
      [`${contact.companyId} ID`]: 'companyExternalId',
      [`${contact.reportsToId} ID`]: 'reportsToExternalId',
    });
    const people = words.objects.contact.Other;
    expect(targetsIn('deal', [people, `${people} ID`, deal.probability, `${deal.stageId} ID`, deal.status])).toEqual({
      [people]: 'contact',
      [`${people} ID`]: 'contactExternalId',
      // Follows from the stage.
      [deal.probability]: null,
      [`${deal.stageId} ID`]: null,
      [deal.status]: 'status',
    });
  });

  it('have each choice under its label, in both languages', () => {
    const wrong: string[] = [];
    for (const words of [en, zh]) {
      const labels = words.choices as unknown as Record<string, Record<string, Record<string, string>>>;
      const roles = { deal: words.dealContactRoles, contact: words.contactCompanyRoles } as Record<string, object>;
      for (const object of importObjects)
        for (const { name, field, choices } of targetsOf(object)) {
          const said = name === 'placeRole' ? roles[object] : labels[object]?.[field ?? name];
          for (const [choice, label] of Object.entries(said ?? {}))
            if (choices?.includes(choice) && choiceMeant(name, choices, label) !== choice)
              wrong.push(`${object}.${name}: ${label}`);
        }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['Guanxi link ID,Deal ID,Deal,Contact ID,Contact,Role,Primary', 'deal'],
    ['Guanxi link ID,商机 ID,商机,联系人 ID,联系人,角色,主要', 'deal'],
    ['Guanxi link ID,Contact ID,Contact,Company ID,Company,Role,Primary,From,Until', 'contact'],
    ['Guanxi link ID,联系人 ID,联系人,公司 ID,公司,角色,主要,开始日期,结束日期', 'contact'],
    ['Guanxi link ID,Press ID,Press,Seen ID,Seen,Pages', null],
  ] as const)('of links are rows about one of their ends: %s', (line, object) => {
    const headers = line.split(',');
    const { object: found, unsupported } = guessFile(headers);
    expect([found, unsupported]).toEqual([object, object ? null : 'link']);
    if (!object) return;
    const to = object === 'deal' ? 'contact' : 'company';
    const more = object === 'deal' ? ['placePrimary'] : [null, 'placeFrom', 'placeTo'];
    const targets = matchColumns(object, headers, [], 'guanxi').map(({ target }) => target);
    expect(targets).toEqual([null, 'externalId', null, `${to}ExternalId`, to, 'placeRole', ...more]);
  });

  it('have what an amount is in beside it', () => {
    expect(targetsIn('deal', ['Amount', 'Amount (currency)'])).toEqual({
      Amount: 'amount',
      'Amount (currency)': 'currency',
    });
    expect(targetsIn('deal', ['金额', '金额（币种）'])).toEqual({ 金额: 'amount', '金额（币种）': 'currency' });
  });

  it('have tasks, notes and meetings under their labels too', () => {
    expect(targetsIn('task', ['Subject', 'Type', 'Due', 'Done', 'Deal ID', 'About ID', 'Repeats'])).toEqual({
      Subject: 'subject',
      Type: 'kind',
      Due: 'dueOn',
      Done: 'done',
      'Deal ID': 'dealExternalId',
      'About ID': 'aboutExternalId',
      Repeats: null,
    });
    expect(targetsIn('note', ['Note', 'Pinned'])).toEqual({ Note: 'description', Pinned: 'pinned' });
    expect(targetsIn('activity', ['Begins', 'Ends', 'Place'])).toEqual({
      Begins: 'startsAt',
      Ends: 'endsAt',
      Place: 'location',
    });
  });
});
