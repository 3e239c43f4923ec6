import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Repository, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [repository] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];

it('searches records by everything that it takes', async () => {
  expect(await used.run(`audit search --kind invocation --provider openai --model gpt --repository ${repository.name} --risk low --outcome ok --call call-99 --unpriced --since 2026-03-01 --until 2026-03-02 --limit 5`)).toMatchObject({ code: 0, stdout: expect.stringContaining('gpt-5-mini') as string });
  expect(used.requests('audit.record.search')).toEqual([
    { kind: 'invocation', provider: 'openai', model: 'gpt', repository: repository.repositoryId, risk: 'low', outcome: 'ok', invocation: 'call-99', unpriced: true, since: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z', limit: 5 },
  ]);
  expect(json(await used.run('audit search --json'))).toEqual({ records: rpcExamples['audit.record.search'].response.records, more: false });
  expect(await used.run('audit search --kind word')).toMatchObject({ code: 2 });
});

it('sums up', async () => {
  expect(await used.run('audit summary --by model,day --from 2026-03-01 --to 2026-03-31 --compare')).toMatchObject({ code: 0, stdout: expect.stringContaining('1,200 calls for $4.70') as string });
  expect(used.requests('audit.summary.show')).toEqual([{ by: ['model', 'day'], from: '2026-03-01', to: '2026-03-31', compare: true, limit: 100 }]);
  expect(await used.run('audit summary --by day,kind,model,risk')).toMatchObject({ code: 2, stderr: expect.stringContaining('three fields') as string });
});

it('shows an event with its record, where there is one to be seen', async () => {
  const { eventId } = rpcExamples['audit.record.show'].request;
  const logged = rpcExamples['audit.events.show'].response;
  expect(json(await used.run(`audit show ${eventId} --json`))).toEqual({ ...logged, audited: rpcExamples['audit.record.show'].response });
  for (const code of ['not-found', 'permission-missing']) {
    used.platform.answer('audit.record.show', () => {
      throw Fault.permanent(code, 'no record');
    });
    expect(json(await used.run(`audit show ${eventId} --json`))).toEqual({ ...logged, audited: null });
  }
  used.platform.answer('audit.record.show', () => {
    throw Fault.permanent('unexpected', 'a mistake of ours');
  });
  expect(await used.run(`audit show ${eventId}`)).toMatchObject({ code: 1 });
});

it('prints and writes reports', async () => {
  expect(await used.run('audit report 2026-03')).toMatchObject({ code: 0, stdout: '# AI compliance report, 2026-03\n' });
  expect(json(await used.run('audit report 2026-03 --json'))).toEqual(rpcExamples['audit.report.show'].response.report);
  const file = join(used.home, 'report.json');
  expect(await used.run(`audit report 2026-03 --format json --output ${file}`)).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(rpcExamples['audit.report.show'].response.report);
});

it('sets and shows prices', async () => {
  const { request } = rpcExamples['audit.price.set'];
  const file = join(used.home, 'prices.json');
  writeFileSync(file, JSON.stringify(request));
  expect(await used.run(`audit prices --set ${file}`)).toMatchObject({ code: 0, stdout: expect.stringContaining('Price table 2026-02 is set') as string });
  expect(used.requests('audit.price.set')).toEqual([request]);
  used.platform.answer('audit.price.set', () => ({ ...rpcExamples['audit.price.set'].response, created: false }));
  expect(await used.run(`audit prices --set ${file}`)).toMatchObject({ stdout: expect.stringContaining('nothing changes') as string });
  expect(await used.run('audit prices')).toMatchObject({ code: 0, stdout: expect.stringContaining('unknown-model') as string });
  expect(await used.run('audit prices --show 2026-02')).toMatchObject({ code: 0, stdout: expect.stringContaining('acme-large-*') as string });
  expect(await used.run(`audit prices --show 2026-02 --set ${file}`)).toMatchObject({ code: 2 });
  expect(await used.run('audit prices --set nowhere.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be read') as string });
});

it('sets, lists and removes budgets', async () => {
  expect(await used.run(`audit budgets --set nightly --limit 2.50 --period day --provider acme --model large --repository ${repository.name} --thresholds 80,100`)).toMatchObject({ code: 0 });
  expect(used.requests('audit.budget.set')).toEqual([{ name: 'nightly', period: 'day', limitNanoDollars: '2500000000', thresholds: [80, 100], provider: 'acme', model: 'large', repository: repository.repositoryId }]);
  expect(await used.run('audit budgets')).toMatchObject({ code: 0, stdout: expect.stringContaining('$212.00') as string });
  expect(await used.run('audit budgets --remove team')).toMatchObject({ code: 0, stdout: 'The budget team is removed.\n' });
  expect(await used.run('audit budgets --set team')).toMatchObject({ code: 2, stderr: expect.stringContaining('--limit') as string });
  expect(await used.run('audit budgets --set a --remove b --limit 1')).toMatchObject({ code: 2 });
});
