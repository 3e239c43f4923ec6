import { createLogger, createMetrics } from '@granary/observability';
import { harvesterMeters, type Standing } from './metrics';

const FRESH: Standing = { jobs: new Map(), watched: 4, withheld: 0, behindSeconds: [] };
const log = createLogger({ service: 'test', level: 'silent' });

describe('how everything stands', () => {
  const told = async (standing: Standing, pattern: RegExp): Promise<string[]> => {
    const metrics = createMetrics('harvester');
    harvesterMeters(metrics, { standing: async () => standing, keepMs: 0, log });
    return (await metrics.metrics()).split('\n').flatMap((line) => (pattern.test(line) ? [line.replace(/,?service="harvester"/, '').replace('{}', '')] : []));
  };

  it('tells how many repositories are behind, and for how long', async () => {
    expect(await told({ ...FRESH, withheld: 1, behindSeconds: [4000, 61, 0.5] }, /^granary_repositor(?:y|ies)_/)).toEqual([
      'granary_repositories_watched 4',
      'granary_repositories_withheld 1',
      'granary_repositories_behind{longer_than="0s"} 3',
      'granary_repositories_behind{longer_than="1m"} 2',
      'granary_repositories_behind{longer_than="5m"} 1',
      'granary_repositories_behind{longer_than="1h"} 1',
      'granary_repositories_behind{longer_than="1d"} 0',
      'granary_repository_freshness_worst_seconds 4000',
    ]);
    expect(await told(FRESH, /^granary_.*(worst|"0s")/)).toEqual(['granary_repositories_behind{longer_than="0s"} 0', 'granary_repository_freshness_worst_seconds 0']);
  });

  it('tells how many jobs there are, and how long those have been where they are that have not ended', async () => {
    const jobs: Standing['jobs'] = new Map([['parsing', { count: 2, oldestSeconds: 31 }], ['failed', { count: 7, oldestSeconds: null }]]);
    expect(await told({ ...FRESH, jobs }, /^granary_harvest_job.* [^0]/)).toEqual(['granary_harvest_jobs{state="parsing"} 2', 'granary_harvest_jobs{state="failed"} 7', 'granary_harvest_job_oldest_seconds{state="parsing"} 31']);
  });
});
