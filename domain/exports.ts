import { z } from 'zod';
import { lineSchema, maxFields, searchText } from './fields';
import { filterSchema, maxSorts, sortSchema } from './filters';

/** What a list can be written as. */
export const exportFormats = ['csv', 'xlsx', 'vcard'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** In place of an object's name: all records the person may read, a file or a sheet for each kind. */
export const everything = 'everything';

/** RFC 6350 and RFC 2426; the older one is what telephones and Outlook read. */
export const vcardVersions = ['3.0', '4.0'] as const;
export type VcardVersion = (typeof vcardVersions)[number];

/** Header of the column with a record's own id; by it an import knows a file of ours, and which rows are already here. */
export const idHeader = 'Guanxi ID';
/** The same of a link between two records, which the files of its records have too: a file of links is not brought back. */
export const linkHeader = 'Guanxi link ID';
/** What imports call the system such a file comes from, be it this workspace or another one. */
export const ownSource = 'guanxi';

/** UTF-8 begins with a byte order mark, without which Excel does not read it; GB18030 is what it reads in China. */
export const exportEncodings = ['utf-8', 'gb18030'] as const;
export type ExportEncoding = (typeof exportEncodings)[number];

/** `cancelled` is stored as `failed` with this reason. */
export const exportStatuses = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** Days a finished file can be fetched. */
export const exportDays = 7;

/** Far more than a spreadsheet opens; a disk is not to be filled by one list. */
export const maxExportBytes = 4 * 1024 ** 3;

/** Most records that are chosen one by one. */
export const mostChosen = 1000;

const written = z.strictObject({
  /** A kind of record, or `everything`. */
  object: z.string().min(1).max(60),
  filter: filterSchema.optional(),
  q: searchText.optional(),
  sort: z.array(sortSchema).max(maxSorts).optional(),
  /** Only these of the list. */
  ids: z.array(z.uuid()).min(1).max(mostChosen).optional(),
  /** In this order; all fields when there are none. */
  columns: z
    .array(z.string().max(100))
    .min(1)
    .max(maxFields + 100)
    .optional(),
  /** The record's id in front, and beside each record it names the id of that; also where no columns are given. */
  withIds: z.boolean().optional(),
  format: z.enum(exportFormats).default('csv'),
  /** Of CSV. */
  encoding: z.enum(exportEncodings).default('utf-8'),
  /** Of vCard. */
  vcard: z.enum(vcardVersions).default('3.0'),
  /** `local`: what clocks in the workspace's time zone show, `2026-11-23 13:05`; `iso`: UTC, `2026-11-23T05:05:00.000Z`. */
  dates: z.enum(['local', 'iso']).default('local'),
  /** What the list is called, for the file's name. */
  name: lineSchema(100).optional(),
});

/** A list as it stands, or everything, and how it is written. */
export const exportInput = written
  .refine(({ format, object }) => format !== 'vcard' || object === 'contact', {
    error: 'vcardOfContacts',
    path: ['format'],
  })
  .refine(
    ({ object, filter, q, sort, ids, columns }) => object !== everything || !(filter ?? q ?? sort ?? ids ?? columns),
    {
      error: 'everythingIsWhole',
      path: ['object'],
    },
  );
export type ExportPlan = z.infer<typeof exportInput>;

/** The end of a file's name. Of everything there is a file for each kind of record, except in a workbook. */
export function extensionOf({ object, format }: Pick<ExportPlan, 'object' | 'format'>): string {
  if (format === 'vcard') return 'vcf';
  return object === everything && format === 'csv' ? 'zip' : format;
}

/** A file's name without what some system does not take. */
export const exportName = (list: string, day: string, extension: string): string =>
  `${plainName(list) || 'export'} ${day}.${extension}`;

/** A text without what file systems and shells take for something else. */
export const plainName = (text: string): string =>
  text
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
