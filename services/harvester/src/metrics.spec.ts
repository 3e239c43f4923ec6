import { createMetrics } from '@granary/observability';
import { harvesterMeters } from './metrics';

describe('freshness', () => {
  const metrics = createMetrics('harvester');
  const meters = harvesterMeters(metrics);
  const told = async (): Promise<string[]> => (await metrics.metrics()).split('\n').flatMap((line) => (/^granary_repositor(?:y|ies)_/.test(line) ? [line.replace(/,?service="harvester"/, '').replace('{}', '')] : []));

  it('tells how many repositories are behind, for how long, and which', async () => {
    meters.freshness(4, 1, [{ repositoryId: 'a', seconds: 4000 }, { repositoryId: 'b', seconds: 61 }, { repositoryId: 'c', seconds: 0.5 }]);
    expect(await told()).toEqual([
      'granary_repositories_watched 4',
      'granary_repositories_withheld 1',
      'granary_repositories_behind{longer_than="0s"} 3',
      'granary_repositories_behind{longer_than="1m"} 2',
      'granary_repositories_behind{longer_than="5m"} 1',
      'granary_repositories_behind{longer_than="1h"} 1',
      'granary_repositories_behind{longer_than="1d"} 0',
      'granary_repository_freshness_worst_seconds 4000',
      'granary_repository_freshness_seconds{repository="a"} 4000',
      'granary_repository_freshness_seconds{repository="b"} 61',
      'granary_repository_freshness_seconds{repository="c"} 0.5',
    ]);
  });

  it('forgets those that are fresh again', async () => {
    meters.freshness(4, 0, []);
    expect((await told()).filter((line) => line.includes('freshness') || line.includes('"0s"'))).toEqual(['granary_repositories_behind{longer_than="0s"} 0', 'granary_repository_freshness_worst_seconds 0']);
  });

  it('names a hundred at most, and counts all', async () => {
    meters.freshness(500, 0, Array.from({ length: 300 }, (_, n) => ({ repositoryId: `r${n}`, seconds: 1000 - n })));
    const lines = await told();
    expect(lines.filter((line) => line.includes('repository='))).toHaveLength(100);
    expect(lines).toEqual(expect.arrayContaining(['granary_repository_freshness_seconds{repository="r99"} 901', 'granary_repositories_behind{longer_than="0s"} 300']));
  });
});
