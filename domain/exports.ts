import { z } from 'zod';
import { lineSchema, maxFields, searchText } from './fields';
import { filterSchema, maxSorts, sortSchema } from './filters';

/** What a list can be written as. */
export const exportFormats = ['csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** UTF-8 begins with a byte order mark, without which Excel does not read it; GB18030 is what it reads in China. */
export const exportEncodings = ['utf-8', 'gb18030'] as const;
export type ExportEncoding = (typeof exportEncodings)[number];

export const exportStatuses = ['queued', 'running', 'done', 'failed'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** Days a finished file can be fetched. */
export const exportDays = 7;

/** Most records that are chosen one by one. */
export const mostChosen = 1000;

/** A list as it stands, and how it is written. */
export const exportInput = z.strictObject({
  object: z.string().min(1).max(60),
  filter: filterSchema.optional(),
  q: searchText.optional(),
  sort: z.array(sortSchema).max(maxSorts).optional(),
  /** Only these of the list. */
  ids: z.array(z.uuid()).min(1).max(mostChosen).optional(),
  /** In this order; all fields, with the record's id in front, when there are none. */
  columns: z
    .array(z.string().max(100))
    .min(1)
    .max(maxFields + 100)
    .optional(),
  format: z.enum(exportFormats).default('csv'),
  encoding: z.enum(exportEncodings).default('utf-8'),
  /** `local`: what clocks in the workspace's time zone show, `2026-11-23 13:05`; `iso`: UTC, `2026-11-23T05:05:00.000Z`. */
  dates: z.enum(['local', 'iso']).default('local'),
  /** What the list is called, for the file's name. */
  name: lineSchema(100).optional(),
});
export type ExportPlan = z.infer<typeof exportInput>;

/** A file's name without what some system does not take. */
export function exportName(list: string, day: string, format: ExportFormat): string {
  const plain = list
    // What file systems and shells take for something else.
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return `${plain || 'export'} ${day}.${format}`;
}
