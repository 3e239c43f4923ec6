import { setImmediate } from 'node:timers/promises';
import { atMost } from './at-most';
import { whyNotPassword } from './password-rules';
import { ARGON2ID, createPasswords } from './passwords';
import { parsePhc, renderPhc } from './phc';

const CHEAP = { memory: 32, passes: 1, parallelism: 1 };
const passwords = createPasswords({ cost: CHEAP });
const GOOD = 'four words in a row';

it('knows a password again, and no other', async () => {
  const kept = await passwords.hash(GOOD);
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=32,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await passwords.verify(GOOD, kept)).toBe(true);
  expect(await passwords.verify(`${GOOD} `, kept)).toBe(false);
  expect(await passwords.hash(GOOD)).not.toBe(kept);
});

it('computes what the reference implementation computes', async () => {
  // Of its own tests: "password" with the salt "somesalt", 256 KiB, two passes.
  const kept = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  expect(await passwords.verify('password', kept)).toBe(true);
  expect(await passwords.verify('Password', kept)).toBe(false);
});

it('computes a hash for a name that nobody has as well, and says no', async () => {
  const narrow = createPasswords({ cost: CHEAP, atOnce: 1, waiting: 0 });
  const [first, second] = await Promise.allSettled([narrow.verify(GOOD, null), narrow.verify(GOOD, null)]);
  // Only who computes takes the one place.
  expect([first, second]).toEqual([{ status: 'fulfilled', value: false }, { status: 'rejected', reason: expect.objectContaining({ code: 'busy' }) }]);
});

it('does not take the time of a hash for what cannot be a password', async () => {
  const expensive = createPasswords();
  expect(await expensive.verify('x'.repeat(1025), null)).toBe(false);
  expect(await expensive.verify('half a character \ud800', null)).toBe(false);
  await expect(expensive.hash('x'.repeat(1025))).rejects.toMatchObject({ code: 'password-malformed' });
});

it('counts two ways of typing the same as the same', async () => {
  const kept = await passwords.hash('cafe\u0301 ﬁnance ①②');
  expect(await passwords.verify('caf\u00e9 finance 12', kept)).toBe(true);
});

it.each([
  ['the same cost', { memory: 32, passes: 1, parallelism: 1 }, false], ['more memory', { memory: 64, passes: 1, parallelism: 1 }, true], ['more passes', { memory: 32, passes: 2, parallelism: 1 }, true],
  ['less memory', { memory: 16, passes: 1, parallelism: 1 }, false], ['more of one and less of the other', { memory: 64, passes: 1, parallelism: 2 }, true],
])('hashes again for %s: %p', async (_, cost, again) => {
  expect(createPasswords({ cost }).needsRehash(await passwords.hash(GOOD))).toBe(again);
});

it('hashes again what has a short salt', () => {
  expect(passwords.needsRehash('$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4')).toBe(true);
});

it("costs more than OWASP's floor by default", () => {
  expect(ARGON2ID.memory).toBeGreaterThanOrEqual(19_456);
  expect(ARGON2ID.passes).toBeGreaterThanOrEqual(2);
});

const TAG = 'A'.repeat(43);
const SALT = 'A'.repeat(22);
it.each([
  ['nothing', ''], ['argon2i', `$argon2i$v=19$m=32,t=1,p=1$${SALT}$${TAG}`], ['bcrypt', '$2b$10$abcdefghijklmnopqrstuv'], ['an old version', `$argon2id$v=16$m=32,t=1,p=1$${SALT}$${TAG}`], ['another order', `$argon2id$v=19$t=1,m=32,p=1$${SALT}$${TAG}`],
  ['a gigabyte and more', `$argon2id$v=19$m=1048577,t=1,p=1$${SALT}$${TAG}`], ['33 passes', `$argon2id$v=19$m=32,t=33,p=1$${SALT}$${TAG}`], ['17 lanes', `$argon2id$v=19$m=320,t=1,p=17$${SALT}$${TAG}`], ['too little memory for its lanes', `$argon2id$v=19$m=8,t=1,p=2$${SALT}$${TAG}`],
  ['no memory', `$argon2id$v=19$m=0,t=1,p=1$${SALT}$${TAG}`], ['leading zeros', `$argon2id$v=19$m=032,t=1,p=1$${SALT}$${TAG}`], ['a short salt', `$argon2id$v=19$m=32,t=1,p=1$AAAA$${TAG}`], ['a short tag', `$argon2id$v=19$m=32,t=1,p=1$${SALT}$AAAA`],
  ['padding', `$argon2id$v=19$m=32,t=1,p=1$${SALT}==$${TAG}`], ['spare bits', `$argon2id$v=19$m=32,t=1,p=1$${SALT.slice(1)}B$${TAG}`], ['a line break', `$argon2id$v=19$m=32,t=1,p=1$${SALT}$${TAG}\n`], ['a long salt', `$argon2id$v=19$m=32,t=1,p=1$${'A'.repeat(88)}$${TAG}`],
])('takes %s for no hash', async (_, kept) => {
  expect(parsePhc(kept)).toBeNull();
  await expect(passwords.verify(GOOD, kept)).rejects.toMatchObject({ code: 'password-hash-malformed', kind: 'permanent' });
});

it('writes what it reads', () => {
  const kept = `$argon2id$v=19$m=65536,t=3,p=1$${SALT}$${TAG}`;
  expect(renderPhc(parsePhc(kept) ?? { cost: CHEAP, salt: Buffer.alloc(0), tag: Buffer.alloc(0) })).toBe(kept);
});

it.each<[string, string, string | null]>([
  ['12 characters', 'abcdefghijkl', null],
  ['12 characters of two code units each', '🌾'.repeat(12), null],
  ['256 characters', 'x'.repeat(256), null],
  ['only spaces', ' '.repeat(12), null],
  ['11 characters', 'abcdefghijk', 'password-too-short'],
  ['11 characters of two code units each', '🌾'.repeat(11), 'password-too-short'],
  ['12 that are 6 once normalised', 'e\u0301'.repeat(6), 'password-too-short'],
  ['257 characters', 'x'.repeat(257), 'password-too-long'],
  ['some that become 270', '\ufdfa'.repeat(15), 'password-too-long'],
  ['a megabyte', 'x'.repeat(1 << 20), 'password-too-long'],
  ['half a character', 'abcdefghijkl\udc00', 'password-malformed'],
  ['the name', 'local-operator', 'password-is-name'],
  ['the name in other letters', ' LOCAL-ｏperator', 'password-is-name'],
  ['more than the name', 'local-operator!', null],
])('a new password of %s: %p', (_, password, code) => {
  expect(whyNotPassword(password, 'Local-Operator')?.code ?? null).toBe(code);
});

it('says what to do', () => {
  expect(whyNotPassword('short', 'n')?.message).toBe('the password has 5 characters, and short ones are found by trying; take at least 12, for instance four words');
});

describe('a bounded number at once', () => {
  it('runs in order, as many as allowed, and sends the others away', async () => {
    const limited = atMost({ atOnce: 2, waiting: 2 });
    const log: string[] = [];
    const gates: (() => void)[] = [];
    const work = (name: string) => limited(() => new Promise<string>((resolve) => {
      log.push(name);
      gates.push(() => resolve(name));
    }));
    const all = ['a', 'b', 'c', 'd'].map(work);
    await expect(work('e')).rejects.toMatchObject({ kind: 'transient', code: 'busy' });
    expect(log).toEqual(['a', 'b']);
    gates[1]?.();
    await all[1];
    await setImmediate();
    expect(log).toEqual(['a', 'b', 'c']);
    gates[0]?.();
    gates[2]?.();
    await setImmediate();
    gates[3]?.();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on after a failure', async () => {
    const limited = atMost({ atOnce: 1, waiting: 1 });
    const failing = limited(() => Promise.reject(new Error('no')));
    const next = limited(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await limited(() => Promise.resolve('again'))).toBe('again');
  });
});
