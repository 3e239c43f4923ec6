import type { CacheOutcome } from '@granary/contracts';
import type { Decision } from './plan';
import { settle } from './tally';

const decision = (overrides: Partial<Decision> = {}): Decision => ({ owner: 'normalizer', tenant: 'default', kind: 'artifact', id: 'a', action: 'evict', why: 'expired', bytes: 100, lastUsedAt: 0, ...overrides });
const outcome = (state: CacheOutcome['state'], bytes = 0, why: string | null = null): CacheOutcome => ({ tenant: 'default', kind: 'artifact', id: 'a', state, bytes, why });
const nothing = { kind: 'artifact', evictedEntries: 0, evictedBytes: 0, packedEntries: 0, packedBytes: 0, sparedEntries: 0 };
const went = { kind: 'artifact', id: 'a', bytes: 90, why: 'expired' };

it.each<[string, Decision, CacheOutcome, boolean, object, readonly object[], readonly string[]]>([
  ['deleted', decision(), outcome('evicted', 90), false, { evictedEntries: 1, evictedBytes: 90 }, [went], []],
  ['in use', decision(), outcome('in-use', 0, 'somebody reads it'), false, { sparedEntries: 1 }, [], []],
  ['gone before', decision(), outcome('gone'), false, {}, [], []],
  ['gone by the same proposal, whose answer nobody heard', decision(), outcome('gone'), true, { evictedEntries: 1, evictedBytes: 100 }, [{ ...went, bytes: 100 }], []],
  ['deleted in part', decision(), outcome('deferred', 90, 'the rest goes next time'), false, { evictedEntries: 1, evictedBytes: 90 }, [went], []],
  ['left to another machine', decision(), outcome('deferred'), false, {}, [], []],
  ['packed', decision({ action: 'compress', why: 'large' }), outcome('packed', 10), false, { packedEntries: 1, packedBytes: 10 }, [], []],
  ['as small as can be', decision({ action: 'compress', why: 'large' }), outcome('kept'), false, {}, [], []],
  ['to be packed and gone', decision({ action: 'compress', why: 'large' }), outcome('gone'), true, {}, [], []],
  ['damaged', decision({ action: 'compress', why: 'large' }), outcome('failed', 0, 'it is damaged'), false, {}, [], ['it is damaged']],
])('counts what was %s', (_what, decided, answered, again, tally, evicted, failed) => {
  expect(settle([decided], [answered], again)).toEqual({ tallies: [{ ...nothing, ...tally }], evicted, failed });
});
