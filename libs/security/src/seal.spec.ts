import { seal, unseal } from './seal';

const key = Buffer.alloc(32, 1);
const random = (count: number) => Buffer.alloc(count, 2);
const credentials = { username: 'me', password: 's3cret ü' };

describe('what is sealed', () => {
  const sealed = seal(credentials, 'r1', key, random);

  it('opens with the same key for the same thing', () => {
    expect(unseal(sealed, 'r1', key)).toEqual(credentials);
    expect(sealed.includes('s3cret')).toBe(false);
  });

  it('opens for nothing else', () => {
    const changed = Buffer.from(sealed);
    changed[15] = (changed[15] ?? 0) ^ 1;
    expect([unseal(sealed, 'r2', key), unseal(sealed, 'r1', Buffer.alloc(32, 3)), unseal(changed, 'r1', key), unseal(Buffer.alloc(5), 'r1', key)]).toEqual([null, null, null, null]);
  });
});
