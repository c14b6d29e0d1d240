/** Who may import whom (docs/architecture.md). Each message says where the code should go instead. */
const only = (path, ...allowed) => ({
  from: { path },
  to: { path: '^(app|pages|components|domain|server|db|tests|scripts)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ is shared by both sides: move what needs react, node or drizzle out of it.',
      ...only('^domain/', '^domain/'),
    },
    {
      name: 'domain-small-libraries',
      severity: 'error',
      comment: 'domain/ uses zod and small pure libraries only.',
      from: { path: '^domain/' },
      to: {
        path: 'node_modules',
        pathNot: 'node_modules/(zod|jsep|pinyin-pro|libphonenumber-js|iconv-lite|csv-parse|use-intl)/',
      },
    },
    {
      name: 'domain-no-node',
      severity: 'error',
      comment: 'domain/ runs in the browser too: no node modules.',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'db-below-server',
      severity: 'error',
      comment: 'db/ knows tables, not verbs: move this to server/.',
      ...only('^db/', '^db/', '^domain/', '^server/core/queues'),
    },
    {
      name: 'server-below-app',
      severity: 'error',
      comment: 'server/ must not know screens.',
      ...only('^server/', '^server/', '^db/', '^domain/'),
    },
    {
      name: 'components-ask-the-server',
      severity: 'error',
      comment: 'Components reach data through tRPC; only the type of the router may be imported.',
      from: { path: '^components/' },
      to: { path: '^(server|db|app|tests)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'components-router-type-only',
      severity: 'error',
      comment: 'Of the server, components may import the type AppRouter from server/router.ts and nothing else.',
      from: { path: '^components/' },
      to: { path: '^(server|db|app|tests)/', pathNot: ['^server/router\\.ts$', '^app/t/\\[tenant\\]/screens\\.ts$'] },
    },
    {
      name: 'app-is-thin',
      severity: 'error',
      comment: 'app/ and pages/ hold addresses only; sign-in is the one API under Next.',
      from: { path: '^(app|pages)/', pathNot: '^app/api/auth/' },
      to: { path: '^(server|db|tests)/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      comment: 'Tests may import anything; nobody imports tests.',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'driver-only-in-db',
      severity: 'error',
      comment: 'The Postgres driver is imported in db/ only.',
      from: { path: '^(server|app|components|domain)/' },
      to: { path: 'node_modules/pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-knows-no-domain',
      severity: 'error',
      comment: 'server/core serves every domain and knows none: pass what it needs in, or declare a record type.',
      from: { path: '^server/core/' },
      to: { path: '^server/(?!core/)' },
    },
    {
      name: 'domains-through-their-door',
      severity: 'error',
      comment:
        'A domain reaches another through its <domain>.ts (or a noun file of verbs), never through its router or jobs.',
      from: { path: '^server/([^/]+)/', pathNot: '^server/core/' },
      to: { path: '^server/(?!core/)[^/]+/jobs\\.ts$', pathNot: '^server/$1/' },
    },
    {
      name: 'records-do-not-know-reactions',
      severity: 'error',
      comment: 'Records write a change; reactions (search, imports, reports) read it. Turn the import round.',
      from: { path: '^server/(companies|contacts|deals|products|tasks|notes|pipelines|teams|members)/' },
      to: { path: '^server/(search|imports|reports|samples|changes)/' },
    },
    {
      name: 'ui-records-shell-know-no-domain',
      severity: 'error',
      comment: 'Primitives and composites serve every domain.',
      from: { path: '^components/ui/' },
      to: { path: '^components/(?!ui/)' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means two files are one: split what both need out of them.',
      from: { pathNot: '^(components|app)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    exclude: { path: '^(dist|\\.next)/' },
  },
};
