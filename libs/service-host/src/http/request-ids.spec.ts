import { requestIds, traceparentOf } from './request-ids';

const newId = () => 'new-1';

describe('requestIds', () => {
  it.each([
    ['begins both', {}, { requestId: 'new-1', correlationId: 'new-1' }],
    ['keeps the request id of a client', { 'x-request-id': 'req-7' }, { requestId: 'req-7', correlationId: 'req-7' }],
    ['keeps the correlation id of a client', { 'x-request-id': 'req-7', 'x-correlation-id': 'c.1' }, { requestId: 'req-7', correlationId: 'c.1' }],
    ['replaces what could harm a log', { 'x-request-id': 'a\nb', 'x-correlation-id': 'x'.repeat(129) }, { requestId: 'new-1', correlationId: 'new-1' }],
    ['replaces what looks like a credential', { 'x-request-id': 'req-7', 'x-correlation-id': ['ghp', 'a1'.repeat(18)].join('_') }, { requestId: 'req-7', correlationId: 'req-7' }],
    ['replaces what was sent twice', { 'x-request-id': ['a', 'b'] }, { requestId: 'new-1', correlationId: 'new-1' }],
  ])('%s', (_, headers, ids) => {
    expect(requestIds(headers, newId)).toEqual(ids);
  });
});

it('takes a traceparent that was sent once', () => {
  expect(traceparentOf({ traceparent: '00-a' })).toBe('00-a');
  expect(traceparentOf({ traceparent: ['00-a', '00-b'] })).toBeUndefined();
  expect(traceparentOf({})).toBeUndefined();
});
