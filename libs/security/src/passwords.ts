import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Fault } from '@granary/faults';
import { atMost, type AtMostOptions } from './at-most';
import type { Random } from './opaque-secret';
import { isHashable, normalizePassword } from './password-rules';
import { parsePhc, renderPhc, type Argon2Cost, type Argon2Hash } from './phc';

/**
 * RFC 9106's second recommended option (64 MiB, three passes), with one lane instead of four, because many log in at once and each
 * has one core. Five times the work of OWASP's floor (19 MiB, two passes), still a fraction of a second: people log in rarely,
 * programs use API keys.
 */
export const ARGON2ID: Argon2Cost = { memory: 65_536, passes: 3, parallelism: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;

export interface PasswordsOptions extends Partial<AtMostOptions> {
  readonly cost?: Argon2Cost;
  readonly random?: Random;
}

export interface Passwords {
  /** The PHC string to keep. The password should have passed `whyNotPassword`. */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether a password is the one that was kept. With null, for a name that nobody has, it takes the time of a real check and is
   * false, so that nobody learns which names exist.
   * @throws Fault permanent `password-hash-malformed` when what was kept is no PHC string of argon2id.
   */
  readonly verify: (password: string, kept: string | null) => Promise<boolean>;
  /** Whether what was kept cost less than a hash costs today; then hash again after the next login that succeeds. */
  readonly needsRehash: (kept: string) => boolean;
}

const derive = promisify(argon2);

/**
 * Passwords as argon2id hashes (RFC 9106). At most `atOnce` (two) are computed at once, since each takes the memory of its cost and
 * one of the four threads that Node shares with everything else; `waiting` (64) more may wait.
 * @throws Fault transient `busy` from `hash` and `verify` when more than that wait.
 */
export function createPasswords({ cost = ARGON2ID, atOnce = 2, waiting = 64, random = randomBytes }: PasswordsOptions = {}): Passwords {
  const inTurn = atMost({ atOnce, waiting });
  const decoy: Argon2Hash = { cost, salt: Buffer.from(random(SALT_BYTES)), tag: Buffer.alloc(TAG_BYTES) };

  return {
    hash: async (password) => {
      if (!isHashable(password)) throw Fault.permanent('password-malformed', 'the password cannot be hashed: it is too long or not well formed; check it first');
      const salt = Buffer.from(random(SALT_BYTES));
      return renderPhc({ cost, salt, tag: await inTurn(() => tagOf(password, { cost, salt, tag: decoy.tag })) });
    },
    verify: async (password, kept) => {
      if (!isHashable(password)) return false;
      const expected = kept === null ? decoy : read(kept);
      const equal = timingSafeEqual(await inTurn(() => tagOf(password, expected)), expected.tag);
      return equal && kept !== null;
    },
    needsRehash: (kept) => isCheaper(read(kept), cost),
  };
}

function tagOf(password: string, { cost, salt, tag }: Argon2Hash): Promise<Buffer> {
  return derive('argon2id', { message: normalizePassword(password), nonce: salt, tagLength: tag.length, ...cost });
}

function isCheaper({ cost, salt, tag }: Argon2Hash, wanted: Argon2Cost): boolean {
  return cost.memory < wanted.memory || cost.passes < wanted.passes || salt.length < SALT_BYTES || tag.length < TAG_BYTES;
}

function read(kept: string): Argon2Hash {
  const hash = parsePhc(kept);
  if (!hash) throw Fault.permanent('password-hash-malformed', 'what was kept of a password is no argon2id hash; set the password again');
  return hash;
}
