import { type Envelope, eventExamples, type LoggedEvent } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderTrace, traceOf } from './trace';

const plain = createStyle(false);
const begun = Date.parse('2026-03-02T09:14:00.000Z');

function logged(sequence: number, type: keyof typeof eventExamples, id: string, offsetMs: number, causationid?: string): LoggedEvent {
  const event: Envelope = { ...eventExamples[type], id, time: new Date(begun + offsetMs).toISOString() };
  delete event.causationid;
  return { position: { epoch: 1, sequence }, event: causationid ? { ...event, causationid } : event };
}

const harvest = [
  logged(1, 'harvest.requested.v1', 'requested', 0),
  logged(2, 'harvest.started.v1', 'started', 35, 'requested'),
  logged(3, 'harvest.completed.v1', 'completed', 1_120, 'requested'),
  logged(4, 'graph.normalized.v1', 'graph', 1_310, 'completed'),
];

it('keeps what the tree is made of', () => {
  const trace = traceOf('c-1', harvest);

  expect(trace).toMatchObject({ correlationId: 'c-1', events: 4, services: ['harvester', 'normalizer'], durationMs: 1_310 });
  expect(trace.roots).toMatchObject([{ service: 'harvester', offsetMs: 0, cause: 'none', children: [{ offsetMs: 35 }, { offsetMs: 1_120, children: [{ service: 'normalizer', cause: 'known', children: [] }] }] }]);
});

it('draws the causes of one harvest over the services', () => {
  expect(renderTrace(traceOf('c-1', harvest), plain)).toBe(
    [
      'correlation c-1',
      '4 events of 2 services (harvester, normalizer) in 1.3 s',
      '',
      'harvest.requested.v1       harvester          +0 ms       1:1  registered',
      '├─ harvest.started.v1      harvester         +35 ms       1:2  01976c2e-8b10-7a21-8c3d-4e5f60718293',
      '└─ harvest.completed.v1    harvester         +1.1 s       1:3  granary · 9fceb02d0ae5 · tier 2',
      '   └─ graph.normalized.v1  normalizer        +1.3 s       1:4  granary · 9fceb02d0ae5 · changeCount 3 · tier 2',
    ].join('\n'),
  );
});

it('draws the lines of a deeper tree through', () => {
  const events = [logged(1, 'harvest.requested.v1', 'a', 0), logged(2, 'harvest.started.v1', 'b', 1, 'a'), logged(3, 'harvest.completed.v1', 'c', 2, 'b'), logged(4, 'harvest.failed.v1', 'd', 3, 'a')];
  const stems = renderTrace(traceOf('c', events), plain).split('\n').slice(3).map((line) => line.split('  harvester')[0]?.trimEnd());

  expect(stems).toEqual(['harvest.requested.v1', '├─ harvest.started.v1', '│  └─ harvest.completed.v1', '└─ harvest.failed.v1']);
});

describe('many events of one type', () => {
  const differences = Array.from({ length: 12 }, (_, index) => logged(5 + index, 'module.added.v1', `m${index}`, 1_320, 'completed'));
  const cycle = logged(20, 'cycle.appeared.v1', 'cycle', 1_330, 'completed');
  const trace = traceOf('c', [...harvest, ...differences, cycle]);

  it('are abridged', () => {
    const lines = renderTrace(trace, plain).split('\n');

    expect(lines.filter((line) => line.includes('module.added.v1'))).toHaveLength(6);
    expect(lines).toContain('   ├─ … 7 more module.added.v1');
    expect(lines.at(-1)).toContain('└─ cycle.appeared.v1');
  });

  it('are shown when asked for', () => {
    expect(renderTrace(trace, plain, true).split('\n').filter((line) => line.includes('module.added.v1'))).toHaveLength(12);
  });

  it('are shown when one line would stand for one', () => {
    expect(renderTrace(traceOf('c', [...harvest, ...differences.slice(0, 6)]), plain)).not.toContain('more');
  });
});

it('marks an event whose cause is not there', () => {
  expect(renderTrace(traceOf('c', [logged(7, 'graph.normalized.v1', 'graph', 0, 'gone')]), plain)).toContain('(its cause is not in the log)');
});
