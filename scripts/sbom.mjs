// `npm run sbom`: the bill of materials of this version, CycloneDX 1.5 as JSON on standard output. Made from the lock file
// alone, so that any Node and any npm give the same: kept with each release, compared when an advisory comes out.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What the lock file installs in production, as a bill of materials. */
function sbom(lock) {
  const { '': product, ...packages } = lock.packages;
  const production = Object.entries(packages).filter(([, entry]) => !entry.dev);
  const refs = new Map(production.map(([where, entry]) => [where, purl(nameOf(where), entry.version)]));
  const components = new Map(production.map(([where, entry]) => [refs.get(where), component(where, entry)]));
  const productRef = purl(product.name, product.version);
  const dependencies = [{ ref: productRef, dependsOn: below('', product, refs) }];
  const linked = new Map();
  for (const [where, entry] of production) {
    const ref = refs.get(where);
    linked.set(ref, [...new Set([...(linked.get(ref) ?? []), ...below(where, entry, refs)])].sort());
  }
  for (const [ref, dependsOn] of linked) dependencies.push({ ref, dependsOn });
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(lock))}`,
    version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      component: {
        'bom-ref': productRef,
        type: 'application',
        name: product.name,
        version: product.version,
        purl: productRef,
        licenses: licences(product.license),
      },
    },
    components: [...components.values()],
    dependencies,
  };
}

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameOf = (where) => where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);

const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function component(where, { name, version, license, integrity, optional }) {
  const called = name ?? nameOf(where);
  const [algorithm, digest] = integrity.split('-');
  return {
    'bom-ref': purl(nameOf(where), version),
    type: 'library',
    name: called,
    version,
    scope: optional ? 'optional' : 'required',
    purl: purl(called, version),
    hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }],
    licenses: licences(license),
  };
}

const licences = (text) => [/\s/.test(text) ? { expression: text } : { license: { id: text } }];

/** What a package's dependencies resolve to: the nearest of that name on the way up. */
function below(where, entry, refs) {
  const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies });
  return [...new Set(names.map((name) => resolve(where, name, refs)).filter(Boolean))].sort();
}

function resolve(from, name, refs) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const ref = refs.get(`${folder ? `${folder}/` : ''}node_modules/${name}`);
    if (ref || !folder) return ref;
    if (!folder.includes('/node_modules/')) return refs.get(`node_modules/${name}`);
  }
}

/** The same lock file has the same serial number. */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

process.stdout.write(
  `${JSON.stringify(sbom(JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'))), null, 2)}\n`,
);
