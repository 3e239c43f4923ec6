import { Fault } from '@granary/faults';
import type { Answer } from '../call/answer-of';
import { decideAgain, isKey, placeOf, printOf, rememberAnswer, rememberFailure, type Remembered } from './repeat';

const answer: Answer = { status: 201, headers: { location: '/v1/jobs/1' }, body: '{"jobId":"1"}' };
const print = 'this request';

it.each<[string, Remembered, 'harmless' | 'once', string]>([
  ['the same request, answered', { state: 'answered', print, answer }, 'once', 'replay'],
  ['another request', { state: 'answered', print: 'another', answer }, 'harmless', 'idempotency-key-reused'],
  ['under way', { state: 'under-way', print, since: 9_500 }, 'harmless', 'request-under-way'],
  ['another request, under way', { state: 'under-way', print: 'another', since: 9_500 }, 'harmless', 'idempotency-key-reused'],
  ['whoever did it is gone', { state: 'under-way', print, since: 9_000 }, 'once', 'outcome-unknown'],
  ['whoever did it is gone, harmless', { state: 'under-way', print, since: 9_000 }, 'harmless', 'do'],
  ['nobody knows', { state: 'unknown', print }, 'once', 'outcome-unknown'],
  ['nobody knows, harmless', { state: 'unknown', print }, 'harmless', 'do'],
  ['done, answer secret', { state: 'not-kept', print }, 'harmless', 'answer-not-kept'],
])('%s', (_name, remembered, repeat, expected) => {
  const decision = decideAgain(remembered, { print, repeat, now: 10_000, patienceMs: 1_000 });
  expect(decision.state === 'refuse' ? decision.fault.code : decision.state).toBe(expected);
});

it.each<[Fault, 'harmless' | 'once', Remembered | null]>([
  [Fault.permanent('name-taken', '…'), 'once', null],
  [Fault.transient('service-unavailable', '…'), 'once', null],
  [Fault.transient('rpc-timeout', '…'), 'once', { state: 'unknown', print }],
  [Fault.transient('rpc-timeout', '…'), 'harmless', null],
  [Fault.permanent('invalid-response', '…'), 'once', { state: 'unknown', print }],
  [Fault.transient('unexpected', '…'), 'once', { state: 'unknown', print }],
])('after %s it remembers, when repeating is %s', (fault, repeat, expected) => {
  expect(rememberFailure(print, fault, repeat)).toEqual(expected);
});

it('keeps no secret and no long answer', () => {
  expect([rememberAnswer(print, answer, false).state, rememberAnswer(print, answer, true).state, rememberAnswer(print, { ...answer, body: 'x'.repeat(40_000) }, false).state]).toEqual(['answered', 'not-kept', 'not-kept']);
});

it('tells requests apart by what they ask, and keys by whose they are', () => {
  expect(printOf('k', 'POST', '/v1/x', { a: 1, b: { c: 2, d: [3] } })).toBe(printOf('k', 'POST', '/v1/x', { b: { d: [3], c: 2 }, a: 1 }));
  expect(printOf('k', 'POST', '/v1/x', { a: 1 })).not.toBe(printOf('k', 'POST', '/v1/x', { a: '1' }));
  expect(new Set([placeOf('acme', 'ada', 'k'), placeOf('umbra', 'ada', 'k'), placeOf('acme', 'bob', 'k')]).size).toBe(3);
  expect([isKey('8e03978e-40d5-43dd-bc93-6894a57f9324'), isKey(''), isKey('a b'), isKey('ä'), isKey('x'.repeat(256))]).toEqual([true, false, false, false, false]);
});
