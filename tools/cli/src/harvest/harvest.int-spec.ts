import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventExamples, type Job, type LoggedEvent, type Repository, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [repository] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];
const done: Job = { ...rpcExamples['harvester.job.show'].response.job, state: 'completed', finishedAt: '2026-03-02T09:14:01.950Z', tier: 2, counts: { files: 240, analysed: 212, reused: 0, skipped: 28, imports: 893 } };

describe('repos', () => {
  it('are listed as a table and as JSON', async () => {
    const table = await used.run('repos list');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(new RegExp(`^name +state[^]*\n${repository.name} +[^]*${repository.repositoryId}\n$`));

    expect(json(await used.run('repos list --json'))).toEqual({ repositories: [repository] });
  });

  it('are listed page by page', async () => {
    const page = (from: number): Repository[] => Array.from({ length: 100 }, (_, index) => ({ ...repository, name: `r${from + index}` }));
    used.platform.answer('harvester.repository.list', ({ cursor }) => (cursor === undefined ? { repositories: page(0), next: 'more' } : { repositories: page(100), next: null }));

    expect(json(await used.run('repos list --json'))).toMatchObject({ repositories: { length: 200 } });
    expect(used.requests('harvester.repository.list')).toEqual([{ limit: 100 }, { limit: 100, cursor: 'more' }]);
  });

  it('are added by a path from the folder of the caller', async () => {
    mkdirSync(join(used.home, 'mine'), { recursive: true });

    const added = await used.run('repos add ./mine --name mine --branch trunk');

    expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Added .*\nFollow it with `granary jobs show /) });
    expect(used.requests('harvester.repository.add')).toEqual([{ location: join(used.home, 'mine'), name: 'mine', branch: 'trunk' }]);
  });

  it.each(['https://github.com/nodejs/undici.git', 'git@github.com:nodejs/undici.git', 'file:///srv/git/x'])('are added by the URL %p as it is', async (url) => {
    used.platform.answer('harvester.repository.add', () => ({ ...rpcExamples['harvester.repository.add'].response, created: false }));

    expect(await used.run(`repos add ${url}`)).toMatchObject({ code: 0, stdout: expect.stringContaining('is watched already') });
    expect(used.requests('harvester.repository.add')).toEqual([{ location: url }]);
  });

  it('are not added from a folder that is not there', async () => {
    expect(await used.run('repos add ./nowhere')).toEqual({ code: 4, stdout: '', stderr: `granary: There is no folder ${join(used.home, 'nowhere')}. Pass an existing one, or a git URL.\n` });
    expect(await used.run(`repos add ./${'n'.repeat(5_000)}`)).toEqual({ code: 4, stdout: '', stderr: expect.stringMatching(/^granary: There is no folder .{300}…\. Pass an existing one, or a git URL\.\n$/) });
    expect(used.platform.asked).toEqual([]);
  });

  it('are removed by name', async () => {
    expect(await used.run(`repos remove ${repository.name}`)).toMatchObject({ code: 0, stdout: expect.stringContaining('no longer watches') });
    expect(used.requests('harvester.repository.remove')).toEqual([{ repository: repository.repositoryId }]);
    expect(await used.run('repos remove nobody --json')).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/^\{"error":\{"code":"repository-not-found","message":"Granary watches no repository 'nobody'\./) });
  });
});

describe('jobs', () => {
  it('are listed with filters', async () => {
    used.platform.answer('harvester.job.list', () => ({ jobs: [done], next: 'more' }));

    const listed = await used.run(`jobs list --repository ${repository.name} --state failed --limit 1`);

    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('completed'), stderr: 'There are more than 1 jobs; see more with --limit.\n' });
    expect(used.requests('harvester.job.list')).toEqual([{ repository: repository.repositoryId, state: 'failed', limit: 1 }]);
    expect(await used.run('jobs list --json --limit 1')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['--state done', '--limit 0', '--limit many'])('refuse %p before asking', async (option) => {
    expect(await used.run(`jobs list ${option}`)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^granary: '/) });
    expect(used.platform.asked).toEqual([]);
  });

  it('are shown', async () => {
    used.platform.answer('harvester.job.show', () => ({ job: done }));

    expect(await used.run(`jobs show ${done.jobId}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^job +01976c2e[^]*240 \(212 analysed/) });
    expect(json(await used.run(`jobs show ${done.jobId} --json`))).toEqual({ job: done });
  });

  it('tell what is wrong in the words of the service', async () => {
    used.platform.answer('harvester.job.show', () => {
      throw Fault.permanent('not-found', "there is no job 'j'; see granary jobs list");
    });

    expect(await used.run(`jobs show ${done.jobId}`)).toEqual({ code: 4, stdout: '', stderr: "granary: there is no job 'j'; see granary jobs list\n" });
    expect(await used.run('jobs show j-1')).toMatchObject({ code: 2, stderr: expect.stringContaining('jobId') });
  });

  it('are cancelled', async () => {
    expect(await used.run(`jobs cancel ${done.jobId}`)).toMatchObject({ code: 0, stdout: 'Cancelled the harvest of granary.\n' });
    used.platform.answer('harvester.job.cancel', () => ({ job: { ...done, state: 'storing' } }));
    expect(await used.run(`jobs cancel ${done.jobId}`)).toMatchObject({ code: 0, stdout: 'The harvest of granary is storing; the cancellation is noted.\n' });
  });
});

describe('harvest', () => {
  const { jobId } = rpcExamples['harvester.harvest.request'].response;

  it('asks for a harvest of a repository that is watched', async () => {
    expect(await used.run(`harvest ${repository.name}`)).toMatchObject({ code: 0, stdout: expect.stringContaining(`granary jobs show ${jobId}`) });
    expect(used.requests('harvester.harvest.request')).toEqual([{ repository: repository.repositoryId }]);
    expect(used.requests('harvester.repository.add')).toEqual([]);
  });

  it('asks for harvests of all', async () => {
    expect(await used.run('harvest --all')).toMatchObject({ code: 0, stdout: 'Harvesting 42 repositories; see how they go with `granary jobs list`.\n' });
    expect(json(await used.run('harvest --all --json'))).toEqual(rpcExamples['harvester.harvest.request-all'].response);
    used.platform.answer('harvester.harvest.request-all', () => ({ ...rpcExamples['harvester.harvest.request-all'].response, requested: 0 }));
    expect(await used.run('harvest --all')).toMatchObject({ code: 0, stdout: expect.stringContaining('No repository is watched yet') });
    expect(used.requests('harvester.harvest.request')).toEqual([]);
  });

  it.each(['harvest', 'harvest a --all', 'harvest --all --wait'])('refuses %p before asking', async (line) => {
    expect(await used.run(line)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^granary: /) });
    expect(used.platform.asked).toEqual([]);
  });

  it('adds one that is not, and waits until its graph is there', async () => {
    const states: Job['state'][] = ['pending', 'parsing', 'completed'];
    let looks = 0;
    used.platform.answer('harvester.repository.list', () => ({ repositories: [], next: null }));
    used.platform.answer('harvester.job.show', () => ({ job: { ...done, state: states[Math.min(looks++, 2)] ?? 'completed' } }));
    let graphLooks = 0;
    used.platform.answer('normalizer.graph.summary', () => {
      if (graphLooks++ === 0) throw Fault.permanent('not-found', 'no graph yet');
      return rpcExamples['normalizer.graph.summary'].response;
    });
    used.platform.answer('audit.log.status', () => ({ ...rpcExamples['audit.log.status'].response, lag: 0 }));

    const harvested = await used.run('harvest https://github.com/nodejs/undici.git --wait');

    expect(harvested).toMatchObject({ code: 0, stdout: expect.stringMatching(/languages[^]*modules[^]*tier[^]*time +2\.1 s\n {2}events +\d+ of this harvest, 4,711 in the log\n[^]*events trace/) });
    expect(harvested.stderr).toBe('granary: pending 40 of 212\ngranary: parsing 40 of 212\ngranary: completed\ngranary: building the graph\n');
    expect(used.requests('normalizer.graph.summary')[0]).toEqual({ repository: rpcExamples['harvester.repository.add'].response.repository.repositoryId, commit: done.commit });
  });

  it('tells a failed harvest by its exit code', async () => {
    used.platform.answer('harvester.job.show', () => ({ job: { ...done, state: 'failed', error: { stage: 'fetching', code: 'remote-unreachable', message: 'git fetch timed out' } } }));

    expect(await used.run(`harvest ${repository.name} --wait --json`)).toEqual({ code: 1, stdout: '', stderr: '{"error":{"code":"harvest-failed","message":"The harvest of granary failed while fetching: git fetch timed out"}}\n' });
  });

  it('tells a withheld commit by its exit code, and what to do', async () => {
    const error = { stage: 'storing' as const, code: 'secrets-found', message: "1 secret of high severity in a.ts: the commit was withheld. Let it stay with 'granary secrets allow'" };
    used.platform.answer('harvester.job.show', () => ({ job: { ...done, state: 'blocked', error } }));

    expect(await used.run(`harvest ${repository.name} --wait`)).toMatchObject({ code: 7, stdout: '', stderr: expect.stringMatching(/was blocked by the secrets gate: 1 secret [^]*granary secrets list <repo> --state open/) });
    expect(await used.run(`harvest ${repository.name} --wait --json`)).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('"code":"harvest-blocked"') });
    expect(await used.run(`jobs show ${done.jobId}`)).toMatchObject({ code: 7, stdout: expect.stringContaining('blocked by the secrets gate (secrets-found): 1 secret') });
  });

  it('tells what the harvester announced of this job', async () => {
    const announced = eventExamples['harvest.completed.v1'];
    const event = (jobId: string, tierReasons: string[]): LoggedEvent => ({ position: { epoch: 1, sequence: 1 }, event: { ...announced, data: { ...announced.data, jobId, tierReasons } } });
    used.platform.answer('harvester.job.show', () => ({ job: done }));
    used.platform.answer('audit.log.status', () => ({ ...rpcExamples['audit.log.status'].response, lag: 0 }));
    used.platform.answer('audit.events.search', ({ types }) => ({ events: types?.includes('harvest.completed.v1') ? [event('other', []), event(done.jobId, ['git is slow'])] : [event('any', [])], next: null }));

    expect((await used.run(`harvest ${repository.name} --wait`)).stdout).toMatch(/secrets +1 high, 0 medium, 2 low\n +personal data +0 high, 1 medium, 14 low\n +allowed +3 findings\n +AI +4 calls\n +tier +2: git is slow\n/);
    expect(json(await used.run(`harvest ${repository.name} --wait --json`))).toMatchObject({ findings: announced.data.findings, tierReasons: ['git is slow'], events: { harvest: 1 } });
  });

  it('ends when it takes too long', async () => {
    const waited = await used.run(`harvest ${repository.name} --wait --timeout 100ms`);
    expect(waited).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/granary: Waited 100 ms for job [^]*It may still be going on/) });
  });

  it('stops waiting on Ctrl-C', async () => {
    const stop = new AbortController();
    used.platform.answer('harvester.job.show', () => {
      stop.abort();
      return rpcExamples['harvester.job.show'].response;
    });

    expect(await used.run(`harvest ${repository.name} --wait`, { signal: stop.signal })).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('granary: Interrupted.\n') });
  });

  it('says when the event log cannot be counted, by leaving it out', async () => {
    used.platform.answer('harvester.job.show', () => ({ job: done }));
    used.platform.answer('audit.log.status', () => {
      throw Fault.permanent('log-closed', 'no');
    });

    expect(json(await used.run(`harvest ${repository.name} --wait --json`))).toMatchObject({ events: null, tier: 2, tierReasons: null, findings: null });
  });
});
