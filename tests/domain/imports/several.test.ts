import { describe, expect, it } from 'vitest';
import { planRow } from '@/domain/imports/rows';
import { importPlan } from '@/tests/support/plans';

const row = (
  targets: (string | null)[],
  cells: string[],
  object: 'contact' | 'company' = 'contact',
  headers: (string | null)[] = targets,
) =>
  planRow(
    importPlan({
      object,
      source: 'google',
      columns: targets.map((target, index) => ({ index, header: headers[index] ?? '', target })),
    }),
    cells,
  );
const saidOf = ({ problems }: ReturnType<typeof row>) => problems.map(({ code, params }) => [code, params?.text]);

describe('a cell of several addresses or numbers', () => {
  it('fills the fields of its sort that are empty', () => {
    const planned = row(['name', 'email', 'mobile'], ['Ann', 'a@x.com ::: b@x.com', '138 0013 8000 ::: 010-6234']);
    expect(planned.values).toMatchObject({
      email: 'a@x.com',
      otherEmail: 'b@x.com',
      mobile: '138 0013 8000',
      phone: '010-6234',
    });
    expect(planned.problems).toEqual([]);
  });

  it('leaves what the row says itself, and says what found no room', () => {
    const planned = row(['name', 'email', 'otherEmail'], ['Ann', 'a@x.com;b@x.com;c@x.com', 'b@x.com']);
    expect(planned.values).toMatchObject({ email: 'a@x.com', otherEmail: 'b@x.com' });
    expect(saidOf(planned)).toEqual([['moreValues', 'c@x.com']]);
    const company = row(['name', 'email'], ['Acme', 'a@x.com, b@x.com'], 'company');
    expect(company.values.email).toBe('a@x.com');
    expect(saidOf(company)).toEqual([['moreValues', 'b@x.com']]);
  });

  it('of a fax or an assistant goes to no field of the person’s numbers', () => {
    const { values, problems } = row(['name', 'fax'], ['Ann', '010-6234;010-6235']);
    expect([values, problems]).toEqual([{ name: 'Ann', fax: '010-6234;010-6235' }, []]);
  });

  it('is one where the marks separate nothing', () => {
    expect(row(['name', 'phone'], ['Ann', '(010) 6234-5678 ext. 12']).values.phone).toBe('(010) 6234-5678 ext. 12');
    expect(saidOf(row(['name', 'email'], ['Ann', 'Ann Lee <a@x.com>'])).map(([code]) => code)).toEqual(['email']);
  });
});

describe('a number that is labelled in its row', () => {
  const headers = ['Name', 'Phone 1 - Label', 'Phone 1 - Value', 'Phone 2 - Type', 'Phone 2 - Value'];
  const labelled = (cells: string[], targets = ['name', null, 'mobile', null, 'phone']) =>
    row(targets, cells, 'contact', headers);

  it('goes to the field of its label, whatever most rows of its column say', () => {
    expect(labelled(['Ann', 'Work', '010-6234', 'Mobile', '138001']).values).toEqual({
      name: 'Ann',
      phone: '010-6234',
      mobile: '138001',
    });
    expect(labelled(['Ann', '', '010-6234', '传真', '010-6235']).values).toMatchObject({
      mobile: '010-6234',
      fax: '010-6235',
    });
  });

  it('takes a free field where its own is taken, and is never lost', () => {
    expect(labelled(['Ann', 'Mobile', '138001', 'Mobile', '138002']).values).toMatchObject({
      mobile: '138001',
      phone: '138002',
    });
    expect(labelled(['Ann', 'Home', '138001', 'Custom', '138002'], ['name', null, null, null, 'phone']).values).toEqual(
      {
        name: 'Ann',
        phone: '138002',
      },
    );
  });
});
