import { eventExamples, type Job, rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { failureOf, fileLine, findingsOf, languageLine, renderFindings } from './findings';

const plain = createStyle(false);
const { job: parsing } = rpcExamples['harvester.job.show'].response;
const job: Job = {
  ...parsing,
  state: 'completed',
  finishedAt: '2026-03-02T09:14:01.950Z',
  tier: 2,
  stages: [{ stage: 'fetching', startedAt: '2026-03-02T09:14:00.050Z', durationMs: 900 }, { stage: 'storing', startedAt: '2026-03-02T09:14:01.700Z', durationMs: 250 }],
  counts: { files: 240, analysed: 212, reused: 0, skipped: 28, imports: 893 },
};
const summary = rpcExamples['normalizer.graph.summary'].response;
const { repository } = rpcExamples['harvester.repository.add'].response;
const completed = eventExamples['harvest.completed.v1'].data;
const found = findingsOf({ repository, job, summary, durationMs: 2_117.4, completed, events: { harvest: 4, log: 5 } });

it('puts job, graph and events together', () => {
  expect(found).toEqual({
    repository: { repositoryId: repository.repositoryId, name: repository.name, location: repository.location },
    job: { jobId: job.jobId, correlationId: job.correlationId, state: 'completed', files: job.counts },
    commit: summary.commit, graphHash: summary.graphHash, tier: summary.completeness.tier, tierReasons: [], findings: completed.findings, languages: summary.languages, counts: summary.counts, completeness: summary.completeness,
    durationMs: 2_117, events: { harvest: 4, log: 5 },
  });
});

it('tells what was found', () => {
  const text = renderFindings({ ...found, counts: { modules: 212, imports: 890, packages: 431, entrypoints: 7, cycles: 1, unresolved: 3 }, completeness: { ...found.completeness, missingLocks: ['packages/c', '1', '2', '3', '4', '5', '6'] } }, plain);

  expect(text.split('\n')).toEqual([
    'granary at 9fceb02d0ae5',
    expect.stringMatching(/^ {2}languages {6}typescript /),
    '  modules        212',
    '  imports        890 (3 more could not be resolved)',
    '  packages       431',
    '  entry points   7',
    '  import cycles  1',
    '  files          240 (212 analysed, 0 reused, 28 skipped)',
    '  not read       28 files, or what they say: `granary graph show` names them with the reason, in completeness.skipped',
    '  missing locks  packages/c, 1, 2, 3, 4, 2 more',
    '  secrets        1 high, 0 medium, 2 low',
    '  personal data  0 high, 1 medium, 14 low',
    '  allowed        3 findings',
    '  AI             4 calls',
    '  tier           2: everything was analysed, except for what is not read',
    '  time           2.1 s',
    '  events         4 of this harvest, 5 in the log',
  ]);
});

it('leaves out what is not known', () => {
  const text = renderFindings({ ...found, job: { ...found.job, files: null }, events: null, findings: null, tierReasons: null, counts: { ...found.counts, unresolved: 0 }, completeness: { ...found.completeness, missingLocks: [], skipped: 0 } }, plain);

  expect(text).not.toMatch(/files {2}|events|missing|resolved|secrets|AI|not read/);
  expect(text).toContain('tier           2: everything was analysed\n');
});

it('says when there is nothing', () => {
  const none = { high: 0, medium: 0, low: 0 };
  const text = renderFindings({ ...found, findings: { secrets: none, personalData: none, allowed: 0, aiCalls: 0 } }, plain);
  expect(text).toMatch(/secrets +none found\n +personal data +none found\n +AI +no calls found\n/);
});

it.each([[1, '3: git? is slow'], [5, '3: git? is slow; git? is slow; git? is slow; 2 more reasons']])('tells %p reasons for a tier', (count, line) => {
  const text = renderFindings({ ...found, tier: 3, tierReasons: Array.from({ length: count }, () => 'git\u001b is slow') }, plain);
  expect(text).toMatch(new RegExp(`\n +tier +${line.replaceAll('?', '\\?')}\n`));
});

it.each([
  [{ files: 240, analysed: 212, reused: 0, skipped: 28, imports: 1 }, '240 (212 analysed, 0 reused, 28 skipped)'],
  [{ files: 1_130, analysed: 1_000, reused: 123, skipped: 2, imports: 1 }, '1,130 (1,000 analysed, 123 reused, 2 skipped, 5 of kinds that are not read)'],
])('accounts for every file of %j', (counts, line) => {
  expect(fileLine(counts)).toBe(line);
});

describe('languageLine', () => {
  it('names the largest first and counts the rest', () => {
    const languages = Array.from({ length: 10 }, (_, index) => ({ language: `l${index}`, files: index + 1, bytes: index * 1_000 }));

    expect(languageLine(languages)).toMatch(/^l9 10 files \(9 KB\), l8 9 files .*l2 3 files \(2 KB\), 2 more$/);
    expect(languageLine([])).toBe('none that Granary knows');
  });
});

describe('failureOf', () => {
  it.each<[Partial<Job>, ReturnType<typeof failureOf>]>([
    [{ state: 'completed' }, null],
    [{ state: 'failed', error: { stage: 'fetching', code: 'x', message: 'git fetch timed out' } }, { code: 'harvest-failed', message: 'The harvest of granary failed while fetching: git fetch timed out' }],
    [{ state: 'cancelled' }, { code: 'harvest-cancelled', message: 'The harvest of granary was cancelled' }],
    [{ state: 'blocked' }, { code: 'harvest-blocked', message: 'The harvest of granary was blocked by the secrets gate.' }],
    [{ state: 'blocked', error: { stage: 'storing', code: 'secrets-found', message: '1 secret in a.ts' } }, { code: 'harvest-blocked', message: 'The harvest of granary was blocked by the secrets gate: 1 secret in a.ts' }],
  ])('of %j', (changes, failure) => {
    expect(failureOf({ ...job, ...changes })).toEqual(failure);
  });
});
