import { z } from 'zod';

/** What a reader tells the format by; docs/archive.md describes it. */
export const archiveFormat = 'guanxi-archive';
export const archiveVersion = 1;

/** Days a finished archive can be fetched, and one that was brought can be loaded. */
export const archiveDays = 7;

/** Stands for the workspace's own id in an archive, which is another one wherever it is loaded. */
export const workspaceItself = '00000000-0000-0000-0000-000000000000';

export const archiveStatuses = ['queued', 'running', 'checking', 'checked', 'loading', 'done', 'failed'] as const;
export type ArchiveStatus = (typeof archiveStatuses)[number];

/** What a job is at: reading rows, packing them, checking an archive; putting rows back, and what follows from them. */
export const archiveStages = ['reading', 'packing', 'checking', 'files', 'rows', 'following'] as const;
export type ArchiveStage = (typeof archiveStages)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
/** The longest list of members there can be is that of the tables. */
const members = z
  .array(
    z.strictObject({
      name: z.string().regex(/^(data|installation)\/[a-z_]+\.ndjson$/),
      rows: count,
      bytes: count,
      sha256,
    }),
  )
  .max(200);

/** Unknown keys come from a newer release: refused, since what they mean would be lost. */
export const manifestSchema = z.strictObject({
  format: z.literal(archiveFormat),
  version: z.literal(archiveVersion),
  content: z.strictObject({
    sha256,
    members,
    files: z.strictObject({ count, bytes: count, missing: count }),
  }),
  installation: z.strictObject({
    members,
    release: z.string().max(50),
    tenant: z.strictObject({ id: z.uuid(), slug: z.string().max(100), name: z.string().max(500) }),
    address: z.string().max(500),
    at: z.iso.datetime(),
    by: z.strictObject({ name: z.string().max(500), email: z.string().max(500).nullable() }).nullable(),
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestMember = Manifest['content']['members'][number];

/** What a person is shown of an archive. */
export interface ArchiveSummary {
  tenant: string;
  address: string;
  at: string;
  by: { name: string; email: string | null } | null;
  release: string;
  /** Rows by table, without those that are empty. */
  rows: Record<string, number>;
  files: Manifest['content']['files'];
  /** Equal for archives that hold the same. */
  sha256: string;
  /** Thumbprint of the key that signed it. */
  fingerprint: string;
  /** Whether that key is one of this installation. */
  ours: boolean;
}

/** The name of the file: the workspace's address and the day. */
export const archiveName = (slug: string, day: string): string => `${slug} ${day}.guanxi.zip`;
