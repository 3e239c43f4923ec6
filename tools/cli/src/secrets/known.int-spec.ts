import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownFinding, type Repository, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [repository] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];
const [finding] = rpcExamples['harvester.finding.list'].response.findings as [KnownFinding];
const { id } = finding.finding;

describe('secrets list', () => {
  it('has those of all repositories', async () => {
    expect(await used.run('secrets list')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^severity [^]*\nhigh +open +granary +deploy\/env\.ts:12:18/), stderr: '' });
    expect(used.requests('harvester.finding.list')).toEqual([{ limit: 100 }]);
    expect(json(await used.run('secrets list --json'))).toEqual({ findings: [finding], more: false });
  });

  it('has those that were asked for', async () => {
    await used.run(`secrets list ${repository.name} --state allowed --severity low --rule us-ssn --kind personal-data --path src/ --limit 5`);
    expect(used.requests('harvester.finding.list')).toEqual([{ repository: repository.repositoryId, state: 'allowed', severity: 'low', rule: 'us-ssn', kind: 'personal-data', path: 'src/', limit: 5 }]);
  });

  it('goes through all pages, up to the limit', async () => {
    used.platform.answer('harvester.finding.list', ({ limit = 0 }) => ({ findings: Array.from({ length: limit }, () => finding), next: 'more' }));

    const listed = await used.run('secrets list --limit 130');

    expect(listed.stdout.trimEnd().split('\n')).toHaveLength(131);
    expect(listed.stderr).toBe('There are more than 130 findings; see more with --limit.\n');
    expect(used.requests('harvester.finding.list')).toEqual([{ limit: 100 }, { limit: 30, cursor: 'more' }]);
  });

  it.each([['--state closed', "'closed' is not allowed here; use one of open, allowed, resolved"], ['--severity urgent', 'use one of high, medium, low'], ['--kind password', 'use one of secret, personal-data'], ['--rule Bad_Rule', 'rule'], ['--limit 0', 'not a whole number']])('refuses %p', async (option, message) => {
    expect(await used.run(`secrets list ${option}`)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(used.requests('harvester.finding.list')).toEqual([]);
  });
});

describe.each(['allow', 'revoke'] as const)('secrets %s', (decision) => {
  it('decides with a reason', async () => {
    const decided = await used.run(['secrets', decision, repository.name, id, '--reason', 'looked at it']);

    expect(decided).toMatchObject({ code: 0, stdout: expect.stringMatching(/^aws-access-key-id at deploy\/env\.ts:12:18 of granary is (allowed: a key of the sandbox|open)\.\nThe repository is harvested again/) });
    expect(used.requests(`harvester.finding.${decision}`)).toEqual([{ repository: repository.repositoryId, findingId: id, reason: 'looked at it' }]);
    expect(json(await used.run(['secrets', decision, repository.name, id, '--reason', 'r', '--json']))).toEqual(rpcExamples[`harvester.finding.${decision}`].response);
  });

  it.each([[[repository.name, id], '--reason <reason>'], [[repository.name, id, '--reason', ' '], '--reason <reason>'], [[repository.name, '0f3a', '--reason', 'r'], "'0f3a' is not the id of a finding"]])('refuses %p', async (words, message) => {
    expect(await used.run(['secrets', decision, ...words])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(used.platform.asked).toEqual([]);
  });

  it('does not find what is not there', async () => {
    used.platform.answer(`harvester.finding.${decision}`, () => {
      throw Fault.permanent('finding-not-found', "granary has no finding: 'granary secrets list granary' shows all of them");
    });
    expect(await used.run(['secrets', decision, repository.name, id, '--reason', 'r'])).toMatchObject({ code: 4, stderr: expect.stringContaining('secrets list granary') });
    expect(await used.run(['secrets', decision, 'nobody', id, '--reason', 'r'])).toMatchObject({ code: 4, stderr: expect.stringContaining("no repository 'nobody'") });
  });
});

describe('secrets gate', () => {
  const rules = [{ id: 'acme-deploy-token', keywords: ['acme_dt_'], pattern: 'acme_dt_(?<secret>[a-z0-9]{32})' }];
  const write = (text: string): void => writeFileSync(join(used.home, 'rules.json'), text);

  it('is shown', async () => {
    expect(await used.run('secrets gate')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mode +warn: /) });
    expect(json(await used.run('secrets gate --json'))).toEqual(rpcExamples['harvester.gate.show'].response);
    expect(used.requests('harvester.gate.set')).toEqual([]);
  });

  it('is set', async () => {
    write(JSON.stringify(rules));

    expect(await used.run('secrets gate --mode block')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mode +block: [^]*The gate is set; every repository is read again/) });
    await used.run('secrets gate --rules rules.json');
    expect(json(await used.run('secrets gate --mode warn --rules rules.json --json'))).toEqual(rpcExamples['harvester.gate.set'].response);

    expect(used.requests('harvester.gate.set')).toEqual([{ mode: 'block' }, { rules }, { mode: 'warn', rules }]);
  });

  it('loses its own rules by an empty list', async () => {
    write('[]');
    await used.run('secrets gate --rules rules.json');
    expect(used.requests('harvester.gate.set')).toEqual([{ rules: [] }]);
  });

  it.each([
    ['{', 'the rules are not JSON'],
    ['[{"id":"A b","pattern":"x"},{"id":"c"}]', '"pattern" is missing'],
    ['[{"id":"aws-access-key-id","pattern":"abcdefgh[0-9]{8}"}]', 'Granary has a rule of this id'],
  ])('is not set by rules that cannot be used: %p', async (text, message) => {
    write(text);
    expect(await used.run('secrets gate --rules rules.json')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(used.platform.asked).toEqual([]);
  });

  it.each([['--mode off', "'off' is not allowed here; use one of warn, block"], ['--rules nowhere.json', 'cannot be read']])('refuses %p', async (option, message) => {
    expect(await used.run(`secrets gate ${option}`)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(used.platform.asked).toEqual([]);
  });
});
