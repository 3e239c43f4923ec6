// Who may import whom. Each rule has been seen failing once; `npm run check` runs them.
const OURS = '^(contracts|libs|services|tools|tests)/';
/** Examples, and what they share beside them, may use everything. */
const TESTS = '\\.(spec|int-spec)\\.ts$|/test/';

/** A folder that may import only the named packages of ours. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TESTS },
  to: { path: OURS, pathNot: [from, ...allowed.map((folder) => `^${folder}/`)] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'A cycle makes two files one. Move what both need below both.', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', comment: 'The import leads nowhere.', from: {}, to: { couldNotResolve: true } },
    only('contracts-import-nothing-of-ours', '^contracts/', [], 'The language stands below everything.'),
    only('faults-import-nothing-of-ours', '^libs/faults/', [], 'A fault knows nobody.'),
    only('observability-imports', '^libs/observability/', ['libs/faults'], 'Logs, metrics and traces serve everybody.'),
    only('security-imports', '^libs/security/', ['libs/faults'], 'Tokens, keys, passwords and permissions are values; who keeps them is another matter.'),
    only('messaging-imports', '^libs/messaging/', ['contracts', 'libs/faults', 'libs/observability'], 'Only messaging knows JetStream, and it does not know PostgreSQL.'),
    only('persistence-imports', '^libs/persistence/', ['contracts', 'libs/faults', 'libs/observability', 'libs/messaging'], 'Persistence fulfils the ports that messaging declares.'),
    only('git-imports', '^libs/git/', ['libs/faults', 'libs/observability'], 'Git knows neither events nor storage.'),
    only('secrets-imports', '^libs/secrets/', ['libs/faults'], 'What a secret looks like depends on nobody.'),
    only('personal-data-imports', '^libs/personal-data/', ['libs/faults'], 'What personal data looks like depends on nobody.'),
    only('ai-usage-imports', '^libs/ai-usage/', ['libs/faults'], 'How AI is used depends on nobody.'),
    only('extract-imports', '^libs/extract/', ['contracts', 'libs/faults', 'libs/git', 'libs/secrets', 'libs/personal-data', 'libs/ai-usage'], 'From one blob to its facts, whoever stores them.'),
    only('graph-imports', '^libs/graph/', ['contracts', 'libs/faults'], 'From facts to graph, whoever stores it.'),
    only('audit-export-imports', '^libs/audit-export/', ['libs/faults', 'libs/transparency'], 'What lies in an export says everything about it, whoever made it.'),
    only('transparency-imports', '^libs/transparency/', ['libs/faults'], 'Trees, proofs and checkpoints are values, whoever keeps the log.'),
    only('service-host-imports', '^libs/service-host/', ['contracts', 'libs/faults', 'libs/observability', 'libs/security', 'libs/messaging', 'libs/persistence'], 'The host stands on the libraries, not on services.'),
    only('client-imports', '^libs/client/', ['contracts', 'libs/faults', 'libs/messaging', 'libs/persistence', 'libs/observability', 'libs/secrets', 'libs/personal-data'], 'The public SDK stays small.'),
    only('embedded-imports', '^libs/embedded/', ['contracts', 'libs/faults', 'libs/observability', 'libs/messaging', 'libs/persistence', 'libs/security'], 'Embedded starts servers for everybody and knows no service.'),
    only('backup-imports', '^libs/backup/', ['contracts', 'libs/faults', 'libs/observability', 'libs/messaging', 'libs/embedded'], 'Backups take and fill servers, and start scratch ones to prove themselves; they know no service.'),
    only('monitoring-imports', '^libs/monitoring/', ['libs/faults', 'libs/embedded'], 'Prometheus and Alertmanager stand beside a platform and know it by its addresses.'),
    only('testing-imports', '^libs/testing/', ['contracts', 'libs/faults', 'libs/observability', 'libs/security', 'libs/messaging', 'libs/persistence', 'libs/embedded'], 'Testing stands beside embedded.'),
    {
      name: 'services-do-not-know-each-other',
      severity: 'error',
      comment: 'Services talk by events and RPC.',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-start-no-servers',
      severity: 'error',
      comment: 'embedded, monitoring and testing are for tests, tools and `npm start`.',
      from: { path: '^services/', pathNot: TESTS },
      to: { path: '^libs/(embedded|monitoring|testing)/' },
    },
    {
      name: 'packages-by-their-front-door',
      severity: 'error',
      comment: 'Another package is imported by its name, which leads to src/index.ts; its other files are its own business.',
      // Jest's global setup runs before anything is built.
      from: { path: '^(contracts|libs/[^/]+|services/[^/]+|tools/[^/]+|tests)/', pathNot: '^libs/testing/jest/' },
      to: { path: '^(contracts|libs/[^/]+|services/[^/]+)/src/', pathNot: ['^$1/', '/src/index\\.ts$'] },
    },
    {
      name: 'only-messaging-knows-jetstream',
      severity: 'error',
      comment: 'Streams, consumers and acknowledgements are the business of libs/messaging.',
      from: { path: OURS, pathNot: ['^libs/messaging/', '^tests/', TESTS] },
      to: { path: 'node_modules/@nats-io/jetstream' },
    },
    {
      name: 'only-persistence-and-stores-know-postgresql',
      severity: 'error',
      comment: 'SQL lives in libs/persistence and in store/ folders. embedded sets up roles and schemas, drills break them.',
      from: { path: OURS, pathNot: ['^libs/(persistence|embedded|testing)/', '/src/store/', '^tests/', '^tools/drill/', TESTS] },
      to: { path: 'node_modules/(pg|pg-copy-streams|typeorm)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-files-do-no-io',
      severity: 'error',
      comment: 'A file without a suffix does no I/O: give it the suffix of what it touches, or move the I/O out.',
      from: { path: '^(contracts|libs|services)/[^.]*/[^./]+\\.ts$', pathNot: ['/src/(main|config|index)\\.ts$', '^libs/(embedded|testing)/', '/generated/', TESTS] },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|dgram|tls|worker_threads|cluster)$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|\\.nx|\\.granary)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'require', 'node', 'default'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
