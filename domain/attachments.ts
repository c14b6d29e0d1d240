/** Kinds of files a browser shows inside the product; everything else is only downloaded. */
export const previewedTypes = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'application/pdf',
  'text/plain',
] as const;

/** Whether a file is shown in place. SVG and HTML never are: they can hold script. */
export function isPreviewed(mediaType: string): boolean {
  return previewedTypes.some((type) => type === mediaType);
}

/** `1.4 MB`: sizes as people read them, in powers of 1000. */
export function fileSize(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}
