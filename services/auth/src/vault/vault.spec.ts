import { randomBytes } from 'node:crypto';
import { generateSigningKey } from '@granary/security';
import { createVault } from './vault';

const vault = createVault(Buffer.alloc(32, 1), randomBytes);
const other = createVault(Buffer.alloc(32, 2), randomBytes);

it('opens what it sealed, and only as the key that it was', async () => {
  const [key, another] = [await generateSigningKey(), await generateSigningKey()];
  const sealed = vault.seal(key);
  expect(sealed.toString('latin1')).not.toContain(key.d);
  expect(vault.open(key.kid, sealed)).toEqual(key);
  expect(vault.open(another.kid, sealed)).toBeNull();
  expect(other.open(key.kid, sealed)).toBeNull();
  expect(vault.open(key.kid, Buffer.concat([sealed.subarray(0, -1), Buffer.from([sealed.at(-1)! ^ 1])]))).toBeNull();
  expect(vault.open(key.kid, Buffer.alloc(5))).toBeNull();
});

it('hashes with its own key', () => {
  expect(vault.hash('ada')).toBe(vault.hash('ada'));
  expect(vault.hash('ada')).not.toBe(vault.hash('Ada'));
  expect(vault.hash('ada')).not.toBe(other.hash('ada'));
});
