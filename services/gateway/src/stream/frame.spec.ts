import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { bookmarkFrame, commentFrame, eventFrame, retryFrame } from './frame';

/** What a foreign parser makes of a stream. */
function read(stream: string) {
  const told = { events: [] as EventSourceMessage[], ids: [] as string[], comments: [] as string[], retries: [] as number[], errors: [] as string[] };
  const parser = createParser({
    onEvent: (event) => told.events.push(event),
    onId: (id) => told.ids.push(id),
    onComment: (comment) => told.comments.push(comment),
    onRetry: (ms) => told.retries.push(ms),
    onError: (error) => told.errors.push(error.message),
  });
  parser.feed(stream);
  return told;
}

it.each([
  ['an event', eventFrame({ id: '1:7', event: 'a.b.v1', data: '{"x":1}' }), 'id: 1:7\nevent: a.b.v1\ndata: {"x":1}\n\n'],
  ['a control frame', eventFrame({ event: 'end', data: '{}' }), 'event: end\ndata: {}\n\n'],
  ['data of several lines, whatever ends them', eventFrame({ data: 'a\nb\r\nc\rd' }), 'data: a\ndata: b\ndata: c\ndata: d\n\n'],
  ['no data', eventFrame({ data: '' }), 'data: \n\n'],
  ['a name that would be two fields', eventFrame({ event: 'a\nid: 9:9\r\ndata: b', data: 'c' }), 'event: a id: 9:9 data: b\ndata: c\n\n'],
  ['an id with what ends an id', eventFrame({ id: '1\0\n2', data: 'c' }), 'id: 1 2\ndata: c\n\n'],
  ['a bookmark', bookmarkFrame('1:7'), 'id: 1:7\n\n'],
  ['a comment of two lines', commentFrame('a\n\ndata: b'), ': a data: b\n\n'],
  ['a time to wait', retryFrame(1_500.7), 'retry: 1500\n\n'],
])('%s', (_, frame, expected) => {
  expect(frame).toBe(expected);
});

it('is read by others as it was meant', () => {
  const stream = [retryFrame(2_000), bookmarkFrame('1:6'), eventFrame({ id: '1:7', event: 'a.b.v1', data: '{"x":1}' }), commentFrame('still here'), eventFrame({ event: 'end', data: '{}' })].join('');
  expect(read(stream)).toEqual({
    events: [
      { id: '1:7', event: 'a.b.v1', data: '{"x":1}' },
      { id: undefined, event: 'end', data: '{}' },
    ],
    ids: ['1:6', '1:7'],
    comments: ['still here'],
    retries: [2_000],
    errors: [],
  });
});

it('brings every text to the other side as data, and nothing else of it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '\r', '\0', 'data', 'id: 1', '\u2028', 'é') }), { minLength: 1, maxLength: 5 }), (texts) => {
      const { events, ids, comments, errors } = read(texts.map((data) => eventFrame({ data })).join(''));
      const expected = texts.map((text) => text.replaceAll(/\r\n|\r/g, '\n')).filter((text) => text !== '');
      expect({ data: events.map(({ data }) => data).filter((data) => data !== ''), ids, comments, errors }).toEqual({ data: expected, ids: [], comments: [], errors: [] });
    }),
  );
});
