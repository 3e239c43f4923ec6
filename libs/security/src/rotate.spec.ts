import fc from 'fast-check';
import { LEEWAY_SECONDS, TOKEN_SECONDS } from './access-claims';
import { ROTATION, rotate, type KeyLife, type KeyStep } from './rotate';

const HOUR = 3_600_000;
const POLICY = { every: 100 * HOUR, overlap: 10 * HOUR };
const at = (hours: number) => new Date(hours * HOUR);
const key = (kid: string, state: KeyLife['state'], hours: number): KeyLife => ({ kid, state, since: at(hours) });

it.each<[string, KeyLife[], number, KeyStep[]]>([
  ['the first start makes a key that signs', [], 0, [{ step: 'create', as: 'active' }]],
  ['nothing happens in the middle of a life', [key('a', 'active', 0)], 89.9, []],
  ['the next is published ahead', [key('a', 'active', 0)], 90, [{ step: 'create', as: 'next' }]],
  ['it waits', [key('a', 'active', 0), key('b', 'next', 90)], 99.9, []],
  ['it takes over', [key('a', 'active', 0), key('b', 'next', 90)], 100, [{ step: 'retire', kid: 'a' }, { step: 'activate', kid: 'b' }]],
  ['a next that came late waits for its overlap', [key('a', 'active', 0), key('b', 'next', 500)], 509, []],
  ['and then takes over', [key('a', 'active', 0), key('b', 'next', 500)], 510, [{ step: 'retire', kid: 'a' }, { step: 'activate', kid: 'b' }]],
  ['after a long sleep the next is published first', [key('a', 'active', 0)], 5000, [{ step: 'create', as: 'next' }]],
  ['the retired stays for its tokens', [key('a', 'retired', 100), key('b', 'active', 100)], 109.9, []],
  ['and goes', [key('a', 'retired', 100), key('b', 'active', 100)], 110, [{ step: 'remove', kid: 'a' }]],
  ['without an active key the next signs at once', [key('b', 'next', 99), key('a', 'retired', 98)], 99, [{ step: 'activate', kid: 'b' }]],
  ['of two active keys the younger stays', [key('a', 'active', 0), key('b', 'active', 1)], 2, [{ step: 'retire', kid: 'a' }]],
  ['of two of the same moment the same stays for everybody', [key('b', 'active', 0), key('a', 'active', 0)], 2, [{ step: 'retire', kid: 'a' }]],
  ['all at once', [key('a', 'active', 0), key('c', 'active', 1), key('d', 'next', 50), key('z', 'retired', 50)], 200, [{ step: 'retire', kid: 'a' }, { step: 'retire', kid: 'c' }, { step: 'activate', kid: 'd' }, { step: 'remove', kid: 'z' }]],
])('%s', (_, keys, hours, steps) => {
  expect(rotate(keys, at(hours), POLICY)).toEqual(steps);
});

it('does not change what it was given', () => {
  const keys = Object.freeze([key('b', 'active', 1), key('a', 'active', 0)]);
  rotate(keys, at(2), POLICY);
  expect(keys.map(({ kid }) => kid)).toEqual(['b', 'a']);
});

it.each([
  [{ every: 100 * HOUR, overlap: 604_999 }, /at least 605000 ms/],
  [{ every: 100 * HOUR, overlap: Number.NaN }, /at least 605000 ms/],
  [{ every: HOUR, overlap: HOUR }, /sign for longer/],
])('refuses the policy %j', (policy, message) => {
  expect(() => rotate([], at(0), policy)).toThrow(message);
});

it('has a default that lasts for months', () => {
  expect(rotate([key('a', 'active', 0)], at(89 * 24 - 1))).toEqual([]);
  expect(rotate([key('a', 'active', 0)], at(89 * 24), ROTATION)).toEqual([{ step: 'create', as: 'next' }]);
});

it('keeps its promises however rarely it is asked', () => {
  const life = (TOKEN_SECONDS + LEEWAY_SECONDS) * 1000;
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60 * HOUR }), { minLength: 20, maxLength: 60 }), (pauses) => {
    let keys: KeyLife[] = [];
    let now = new Date(0);
    let made = 0;
    const published = new Map<string, number>();
    for (const pause of pauses) {
      const before = keys;
      for (const step of rotate(keys, now, POLICY)) {
        if (step.step === 'create') keys = [...keys, { kid: `k${++made}`, state: step.as, since: now }];
        else if (step.step === 'remove') keys = keys.filter(({ kid }) => kid !== step.kid);
        else keys = keys.map((each) => (each.kid === step.kid ? { kid: each.kid, state: step.step === 'activate' ? 'active' : 'retired', since: now } : each));
      }
      for (const { kid } of keys) if (!published.has(kid)) published.set(kid, now.getTime());
      const active = keys.filter(({ state }) => state === 'active');
      expect(active).toHaveLength(1);
      if (active[0]?.kid !== 'k1') expect(now.getTime() - (published.get(active[0]?.kid ?? '') ?? 0)).toBeGreaterThanOrEqual(POLICY.overlap);
      // Who signed until just now is still published for as long as such a token lives.
      const signedUntilNow = before.find(({ state }) => state === 'active')?.kid;
      if (signedUntilNow) {
        expect(keys.map(({ kid }) => kid)).toContain(signedUntilNow);
        expect(rotate(keys, new Date(now.getTime() + life), POLICY)).not.toContainEqual({ step: 'remove', kid: signedUntilNow });
      }
      now = new Date(now.getTime() + pause);
    }
  }), { numRuns: 60, seed: 4 });
});
