import { eventExamples, type LoggedEvent, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { waitFor } from '@granary/testing';
import type { Outcome } from '../../test/run-granary';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();

describe('events', () => {
  const at = (sequence: number, changes: object = {}): LoggedEvent => ({ position: { epoch: 1, sequence }, event: { ...eventExamples['graph.normalized.v1'], id: `event-${sequence}`, ...changes } });

  it('are searched, the newest of them by default', async () => {
    used.platform.answer('audit.events.search', () => ({ events: [at(9), at(8)], next: null }));

    const found = json(await used.run('events search --type graph.normalized.v1 --key k1 --since 1h --limit 2 --json')) as { events: LoggedEvent[] };

    expect(found.events.map(({ position }) => position.sequence)).toEqual([8, 9]);
    expect(used.requests('audit.events.search')).toEqual([{ types: ['graph.normalized.v1'], key: 'k1', since: '2026-03-02T08:30:00.000Z', order: 'desc', limit: 2 }]);
  });

  it('are searched over several answers', async () => {
    used.platform.answer('audit.events.search', ({ before }) => (before ? { events: [at(7)], next: null } : { events: [at(9), at(8)], next: { epoch: 1, sequence: 8 } }));
    expect((await used.run('events search')).stdout.match(/1:[789]/g)).toEqual(['1:7', '1:8', '1:9']);

    used.platform.answer('audit.events.search', ({ after }) => ({ events: [at((after?.sequence ?? 0) + 1)], next: (after?.sequence ?? 0) < 3 ? { epoch: 1, sequence: (after?.sequence ?? 0) + 1 } : null }));
    expect((await used.run('events search --after 1:0')).stdout.match(/1:\d/g)).toEqual(['1:1', '1:2', '1:3', '1:4']);
    expect((await used.run('events search --after 1:0 --limit 2')).stdout.match(/1:\d/g)).toEqual(['1:1', '1:2']);
  });

  it('warn of a type that nobody has', async () => {
    expect(await used.run('events search --type graph.normalised.v1')).toMatchObject({ code: 0, stderr: 'Granary itself has no event graph.normalised.v1; looking for it all the same.\n' });
    expect(await used.run('events search --type graph')).toMatchObject({ code: 2 });
  });

  it('are shown', async () => {
    const { eventId } = rpcExamples['audit.events.show'].request;
    expect((await used.run(`events show ${eventId}`)).stdout).toMatch(/^position[^]*specversion +1\.0/);
    expect(json(await used.run(`events show ${eventId} --json`))).toEqual(rpcExamples['audit.events.show'].response);
  });

  it('are traced as a tree', async () => {
    const requested = at(1, { id: 'a', type: 'harvest.requested.v1', source: 'granary/harvester', causationid: undefined });
    used.platform.answer('audit.events.search', ({ correlationId }) => ({ events: correlationId === 'c-1' ? [requested, at(2, { causationid: 'a' })] : [], next: null }));

    expect((await used.run('events trace c-1')).stdout).toMatch(/\nharvest\.requested\.v1 [^]*\n└─ graph\.normalized\.v1 /);
    expect(json(await used.run('events trace c-1 --json'))).toMatchObject({ correlationId: 'c-1', events: 2, roots: [{ children: [{ service: 'normalizer' }] }] });
    expect(await used.run('events trace c-2')).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining("No event has the correlation id 'c-2'") });
  });

  describe('as they happen', () => {
    /** Tails until so many lines were printed. */
    async function tail(options: string, lines: number): Promise<Outcome> {
      const stop = new AbortController();
      let seen = 0;
      const onOutput = (text: string): void => {
        seen += text.split('\n').length - 1;
        if (seen >= lines) stop.abort();
      };
      return used.run(`events tail ${options}`, { signal: stop.signal, onOutput });
    }

    it('begin where the log ends', async () => {
      let newest = 4711;
      used.platform.answer('audit.events.search', ({ after }) => ({ events: (after?.sequence ?? 0) >= newest ? [at(++newest)] : [], next: null }));

      const tailed = await tail('--json', 2);

      expect(tailed.code).toBe(0);
      expect(tailed.stdout.trim().split('\n').map((line) => (JSON.parse(line) as LoggedEvent).position)).toEqual([{ epoch: 1, sequence: 4712 }, { epoch: 1, sequence: 4713 }]);
    });

    it.each([['start', { epoch: 0, sequence: 0 }], ['1:7', { epoch: 1, sequence: 7 }]])('begin at %p when asked', async (from, after) => {
      used.platform.answer('audit.events.search', () => ({ events: [at(8)], next: null }));

      const tailed = await tail(`--from ${from} --type graph.normalized.v1`, 1);

      expect(tailed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^09:14:02\.117 +1:8 +graph\.normalized\.v1/), stderr: '1 event.\n' });
      expect(used.requests('audit.events.search')[0]).toEqual({ types: ['graph.normalized.v1'], order: 'asc', limit: 500, after });
    });

    it('go on when the log was away', async () => {
      let looks = 0;
      used.platform.answer('audit.events.search', () => {
        if (looks++ < 2) throw Fault.transient('database-away', 'the database restarts');
        return { events: [at(1)], next: null };
      });

      expect(await tail('--from start', 1)).toMatchObject({ code: 0, stderr: 'The event log does not answer (the database restarts); trying again.\n1 event.\n' });
    });

    it('end at once on Ctrl-C', async () => {
      const stop = new AbortController();
      used.platform.answer('audit.events.search', () => ({ events: [], next: null }));
      const tailed = used.run('events tail', { signal: stop.signal });
      await waitFor(() => used.requests('audit.events.search').length > 0, { what: 'the tail to begin' });

      stop.abort();

      expect(await tailed).toEqual({ code: 0, stdout: '', stderr: '0 events.\n' });
    });
  });
});
