export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/**
 * Reads Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/) and insists on it.
 * @throws Error naming the line that is none
 */
export function readExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (type?.[1] && type[2]) {
      if (types.has(type[1])) throw new Error(`Declared twice: ${line}`);
      types.set(type[1], type[2]);
    } else if (!/^# HELP [a-zA-Z_:][\w:]* /.test(line)) {
      const sample = readSample(line);
      const family = sample.name.replace(/_(bucket|sum|count)$/, '');
      if (!types.has(sample.name) && !types.has(family)) throw new Error(`Not declared: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`Twice: ${line}`);
      seen.add(key);
      samples.push(sample);
    }
  }
  return samples;
}

function readSample(line: string): Sample {
  const [, name, inside = '', number = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  if (!name || (Number.isNaN(value) && !/^nan$/i.test(number))) throw new Error(`Not a sample: ${line}`);
  const labels: Record<string, string> = {};
  const rest = inside.replace(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g, (_, label: string, text: string) => {
    labels[label] = text;
    return '';
  });
  if (rest !== '') throw new Error(`Not labels: ${line}`);
  return { name, labels, value };
}
