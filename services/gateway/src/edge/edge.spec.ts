import { Fault } from '@granary/faults';
import { isKnown } from '../call/answer-of';
import { readBearer } from '../identify/bearer';
import { createBuckets } from '../limit/token-bucket';
import { challengeOf, problemOf, retryAfterOf } from '../problem/problem';
import { callRoutes } from '../routes/table';
import { allowedMethods } from './allowed-methods';
import { faultOf } from './fault-of';
import { acceptsJson, repeatedHeader } from './headers';

it.each<[string | undefined, boolean]>([
  [undefined, true], ['', true], ['*/*', true], ['application/json', true], ['text/html, application/*;q=0.8', true], ['Application/JSON; charset=utf-8', true],
  ['text/html', false], ['application/json;q=0', false], ['application/xml', false], ['text/event-stream', false],
])('Accept %p takes JSON: %p', (accept, expected) => {
  expect(acceptsJson(accept)).toBe(expected);
});

it('finds headers that were sent twice, in any case, unless that is allowed', () => {
  expect(repeatedHeader(['Host', 'a', 'AUTHORIZATION', 'x', 'authorization', 'y'])).toBe('authorization');
  expect(repeatedHeader(['Accept', 'a', 'accept', 'b', 'Host', 'authorization'])).toBeNull();
});

it.each<[string, string[]]>([
  ['/v1/repositories', ['GET', 'HEAD', 'POST']],
  ['/v1/repositories?x=1', ['GET', 'HEAD', 'POST']],
  ['/v1/repositories/shop', ['DELETE']],
  ['/v1/repositories/', []],
  ['/v1/nothing', []],
])('at %s there is %j', (url, expected) => {
  expect(allowedMethods(callRoutes, url)).toEqual(expected);
});

it.each<[string | undefined, string]>([
  [undefined, 'nothing'], ['', 'nothing'], ['Bearer a.b.c', 'token a.b.c'], ['bearer  a.b.c ', 'token a.b.c'], ['Bearer gran_a_b', 'api-key gran_a_b'],
  ['Bearer', 'other-scheme'], ['Bearer a b', 'other-scheme'], ['Basic YTpi', 'other-scheme'], ['a.b.c', 'other-scheme'],
])('Authorization %p shows %p', (header, expected) => {
  const shown = readBearer(header);
  expect('text' in shown ? `${shown.state} ${shown.text}` : shown.state).toBe(expected);
});

it.each<[string | undefined, string | undefined, boolean]>([
  ['"a"', '"a"', true], ['"b", W/"a"', '"a"', true], ['*', '"a"', true], ['"b"', '"a"', false], ['a', '"a"', false], [undefined, '"a"', false], ['*', undefined, false],
])('If-None-Match %p knows %p: %p', (ifNoneMatch, etag, expected) => {
  expect(isKnown(ifNoneMatch, etag)).toBe(expected);
});

it('lets a burst through, then as many as the rate says, and forgets who came longest ago', () => {
  const { take, look } = createBuckets({ perSecond: 2, burst: 3 }, 2);
  expect([take('a', 0), take('a', 0), take('a', 0), take('a', 0), look('a', 400), take('a', 500), take('a', 500)]).toEqual([0, 0, 0, 1, 1, 0, 1]);
  expect([take('b', 500), take('c', 500), take('a', 500)]).toEqual([0, 0, 0]);
  const free = createBuckets({ perSecond: 0, burst: 0 });
  expect([free.take('a', 0), free.take('a', 0), free.look('a', 0)]).toEqual([0, 0, 0]);
});

it.each<[unknown, number, string]>([
  [Fault.permanent('repository-not-found', 'no'), 404, 'repository-not-found'],
  [Fault.permanent('changed-meanwhile', 'no'), 412, 'changed-meanwhile'],
  [Fault.permanent('some-new-refusal', 'no'), 422, 'some-new-refusal'],
  [Fault.transient('some-new-trouble', 'no'), 503, 'some-new-trouble'],
  [Fault.transient('rpc-timeout', 'no'), 504, 'rpc-timeout'],
  [Fault.permanent('invalid-response', 'at /srv/secret'), 500, 'unexpected'],
  [new Error('at /srv/secret'), 500, 'unexpected'],
  [Object.assign(new Error('at /srv/secret'), { statusCode: 400 }), 400, 'invalid-request'],
  [Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }), 413, 'body-too-large'],
])('%p is a problem with %i %s, and tells nothing of the inside', (thrown, status, code) => {
  const problem = problemOf(faultOf(thrown), 'r 1');
  expect(problem).toMatchObject({ type: 'about:blank', status, code, instance: 'urn:granary:request:r%201' });
  expect(problem.detail).not.toContain('secret');
});

it('says how to show who one is, and when to come again', () => {
  const of = (fault: Fault) => {
    const problem = problemOf(fault, 'r');
    return [challengeOf(problem), retryAfterOf(problem, fault)];
  };
  expect(of(Fault.permanent('token-missing', 'none'))).toEqual(['Bearer realm="granary"', null]);
  expect(of(Fault.permanent('token-expired', 'it "has" expired\n'))).toEqual(['Bearer realm="granary", error="invalid_token", error_description="it has expired"', null]);
  expect(of(Fault.permanent('permission-missing', 'needs x'))).toEqual(['Bearer realm="granary", error="insufficient_scope", error_description="needs x"', null]);
  expect(of(Fault.permanent('owner-needed', 'needs an owner'))).toEqual([null, null]);
  expect(of(Fault.transient('service-unavailable', 'away'))).toEqual([null, 1]);
  expect(of(Fault.permanent('locked-out', 'wait', { retryAfterSeconds: 840 }))).toEqual([null, 840]);
});
