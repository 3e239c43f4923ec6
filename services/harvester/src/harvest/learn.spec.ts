import type { Fact, ScannedFile } from '@granary/extract';
import { findingsOf, requiredPackages, scan } from '@granary/extract';
import { learn } from './learn';
import type { FileNote, ToLearn } from './learn';

const file = (path: string, blob = path): ScannedFile => scan({ path, utf8: true, type: 'file', blob, bytes: 10 }, 'r');
const call = (operation: string) => ({ provider: 'openai', sdk: 'openai', operation, line: 1, column: 1, model: null, guarded: 'no', evidence: [] });
const secret = { rule: 'token', severity: 'high', line: 1, column: 1, endLine: 1, endColumn: 9, hash: `hmac-sha256:${'a'.repeat(64)}`, preview: 'tok…', allowed: null };
const found = (parts: object): string => JSON.stringify({ secrets: [], personalData: [], unlisted: 0, aiCalls: [], overBudget: [], ...parts });
const fact = (body: object, findings: string | null = null): Fact => ({ state: 'analysed', body: JSON.stringify(body), items: 0, light: null, findings });

const files = [file('a.ts'), file('b.ts'), file('package.json'), file('.env')];
const says: readonly Fact[] = [
  fact({ imports: [] }, found({ secrets: [secret], aiCalls: [call('client'), call('chat')], overBudget: ['slow'] })),
  fact({ imports: [] }, found({ overBudget: ['slow'] })),
  fact({ content: { name: 'x', dependencies: { y: '1' } }, error: null }),
  fact({}),
];
const factsOf = (of: readonly ScannedFile[], facts: readonly Fact[]): Map<string, Fact> => new Map(of.map(({ wants }, n) => [wants?.text ?? '', facts[n] as Fact]));
const all: ToLearn = { files, facts: factsOf(files, says), micros: new Map(), remarks: ['a remark'], decisions: new Map(), notes: new WeakMap() };

it('says of all files together what they say one by one', async () => {
  const learned = await learn(all);
  expect(learned.found).toEqual(findingsOf(files, all.facts, new Map()));
  expect(learned.found.findings.map(({ path, rule }) => `${path} ${rule}`)).toEqual(['a.ts token', '.env file-environment']);
  expect(learned.packages).toEqual(requiredPackages(files, all.facts));
  expect(learned).toMatchObject({ packages: ['pkg:npm/y'], tier: 2, tierReasons: ['a remark', expect.stringContaining('2 files')], counts: { files: 4, analysed: 0, reused: 4, skipped: 0 } });
});

it('counts the places that ask a model, as the posture does, and not where a client is built', async () => {
  expect((await learn(all)).findingCounts).toMatchObject({ aiCalls: 1, secrets: { high: 1, low: 1 } });
});

it('says the same with the notes of a commit before as without, and looks again only at what differs', async () => {
  const notes = new WeakMap<ScannedFile, FileNote>();
  await learn({ ...all, notes });
  const kept = files.map((one) => notes.get(one));
  const changed = [file('a.ts', 'other'), ...files.slice(1)];
  const to = { ...all, files: changed, facts: factsOf(changed, [fact({ imports: [] }), ...says.slice(1)]) };
  expect(await learn({ ...to, notes })).toEqual(await learn(to));
  expect(files.slice(1).map((one) => notes.get(one))).toEqual(kept.slice(1));
});

it('follows decisions and facts that were read again', async () => {
  const notes = new WeakMap<ScannedFile, FileNote>();
  const { found: before } = await learn({ ...all, notes });
  const id = before.findings[0]?.id ?? '';
  const decided = await learn({ ...all, notes, decisions: new Map([[id, 'made up']]) });
  expect(decided.found.findings[0]?.allowed).toEqual({ by: 'decision', reason: 'made up' });
  expect((await learn({ ...all, notes })).found).toEqual(before);
  expect((await learn({ ...all, notes, facts: factsOf(files, [fact({ imports: [] }), ...says.slice(1)]) })).found.findings.map(({ path }) => path)).toEqual(['.env']);
});
