import { type Envelope, eventExamples, type LoggedEvent } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderEvent, renderEventLine, renderEvents } from './events';
import { gistOf, serviceOf } from './gist';

const plain = createStyle(false);
const normalized: LoggedEvent = { position: { epoch: 1, sequence: 42 }, event: eventExamples['graph.normalized.v1'] };

function withData(data: unknown): Envelope {
  return { ...eventExamples['graph.normalized.v1'], type: 'task.created.v1', data } as Envelope;
}

describe('gistOf', () => {
  it.each([
    ['graph.normalized.v1', 'granary · 9fceb02d0ae5 · changeCount 3 · tier 2'],
    ['module.added.v1', 'src/a.ts · 9fceb02d0ae5'],
    ['cycle.appeared.v1', '2 modules · 9fceb02d0ae5'],
    ['secret.detected.v1', 'high · aws-access-key-id · deploy/env.ts:12 · 9fceb02d0ae5'],
    ['harvest.started.v1', '01976c2e-8b10-7a21-8c3d-4e5f60718293'],
  ] as const)('of %s', (type, gist) => {
    expect(gistOf(eventExamples[type])).toBe(gist);
  });

  it('has something to say of every event of ours', () => {
    for (const event of Object.values(eventExamples)) expect([event.type, gistOf(event)]).toEqual([event.type, expect.stringMatching(/./)]);
  });

  it('stays short and steers no terminal', () => {
    const gist = gistOf(withData({ name: 'a\u001b[2J', message: 'long '.repeat(60) }));
    expect(gist).toHaveLength(100);
    expect(gist).toMatch(/^a\?\[2J · long .*…$/);
  });

  it.each([[null], ['text'], [[]], [{}], [{ name: '', path: 7, commit: null }]])('of the data %j of others ends, too', (data) => {
    expect(gistOf(withData(data))).toMatch(/^(path 7)?$/);
  });
});

it('names the service', () => {
  expect(serviceOf(normalized.event)).toBe('normalizer');
  expect(serviceOf({ ...normalized.event, source: 'https://ci.example/\u0007' })).toBe('https://ci.example/?');
});

describe('renderEvents', () => {
  it('is a table', () => {
    expect(renderEvents([normalized], plain)).toBe(
      [
        'position  time                      type                 from        tenant   about                                            correlation',
        '    1:42  2026-03-02T09:14:02.117Z  graph.normalized.v1  normalizer  default  granary · 9fceb02d0ae5 · changeCount 3 · tier 2  01976c2e-8b00-7d55-8e66-778899aabbcc',
      ].join('\n'),
    );
  });

  it('says so when there are none', () => {
    expect(renderEvents([], plain)).toBe('No such events.');
  });
});

it('prints an event on one line', () => {
  expect(renderEventLine(normalized, plain)).toBe('09:14:02.117      1:42  graph.normalized.v1         normalizer     granary · 9fceb02d0ae5 · changeCount 3 · tier 2');
});

it('prints everything about an event', () => {
  const text = renderEvent({ ...normalized, event: { ...normalized.event, subject: 'x\u001b[2J', data: { a: '\u009b' } } }, plain);

  expect(text).toMatch(/^position +1:42\nspecversion +1\.0\nid +01976c2e-9f10-7c44-a5b6-c7d8e9fa0b1c\n/);
  expect(text).toContain('x?[2J');
  expect(text).toMatch(/\n\n\{\n {2}"a": "\\u009b"\n\}$/);
});
