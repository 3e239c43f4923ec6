import { countFindings, findingsOf } from './findings';
import { scan } from './scan';
import type { BlobFindings } from './search';

const SECRET: BlobFindings['secrets'][number] = { rule: 'private-key', severity: 'high', line: 3, column: 1, endLine: 9, endColumn: 2, hash: `hmac-sha256:${'a'.repeat(64)}`, preview: '-----BEGIN… (900 characters)', allowed: null };
const WEAK: typeof SECRET = { ...SECRET, rule: 'weak-password-literal', severity: 'low', line: 1, hash: `hmac-sha256:${'b'.repeat(64)}` };

/** What is told of files that all have this content. */
function told(paths: readonly string[], { secrets = [], overBudget = [] }: Partial<BlobFindings>) {
  const files = paths.map((path) => scan({ path, blob: 'c'.repeat(40), utf8: true, type: 'file', bytes: 100 }, 'r'));
  const findings = JSON.stringify({ secrets, personalData: [], unlisted: 0, aiCalls: [], overBudget } satisfies BlobFindings);
  return findingsOf(files, new Map(files.flatMap(({ wants }) => (wants ? [[wants.text, { state: 'analysed', body: '', items: 0, light: null, findings }] as const] : []))), new Map());
}

it.each([
  ['src/a.ts', ['low', 'high']], ['test/a.ts', ['low', 'medium']], ['docs/guide.md', ['low', 'medium']], ['examples/app/main.go', ['low', 'medium']],
])('tells every secret in %s, as severe as its place makes it: %j', (path, severities) => {
  expect(told([path], { secrets: [SECRET, WEAK] }).findings.map(({ severity }) => severity)).toEqual(severities);
});

it('says which rules had too much to look at, and in how many files', () => {
  expect(told(['a.ts', 'b.ts'], { overBudget: ['acme-key'] }).remarks).toEqual(['rule acme-key had too much to look at in 2 files and was left out there']);
  expect(told(['a.ts'], { overBudget: ['acme-key'] }).remarks).toEqual(['rule acme-key had too much to look at in 1 file and was left out there']);
});

it('counts calls of models, and not the making of clients', () => {
  const call = (operation: string) => ({ provider: 'openai', sdk: 'openai', operation, line: 1, column: 1, model: null, guarded: 'unknown' as const, evidence: [] });
  expect(countFindings({ findings: [], aiUsage: [{ path: 'a.ts', calls: [call('client'), call('chat')] }, { path: 'b.ts', calls: [call('embedding')] }] }).aiCalls).toBe(2);
});
