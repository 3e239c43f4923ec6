/** The cost of one argon2id hash (RFC 9106 section 3.1). */
export interface Argon2Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** A hash with everything needed to compute it again from the password. */
export interface Argon2Hash {
  readonly cost: Argon2Cost;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

const FORM = /^\$argon2id\$v=19\$m=([1-9][0-9]{0,6}),t=([1-9][0-9]{0,2}),p=([1-9][0-9]{0,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** The PHC string: `$argon2id$v=19$m=…,t=…,p=…$<salt>$<hash>`, base64 without padding (Password Hashing Competition, string format). */
export function renderPhc({ cost, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** What a PHC string says, or null for another algorithm, another version, another spelling, or a cost that nobody asks for. */
export function parsePhc(text: string): Argon2Hash | null {
  const [, memory, passes, parallelism, salt, tag] = FORM.exec(text) ?? [];
  const hash = { cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }, salt: Buffer.from(salt ?? '', 'base64'), tag: Buffer.from(tag ?? '', 'base64') };
  return isPlausible(hash) && renderPhc(hash) === text ? hash : null;
}

/** A row that somebody could write must not make the process allocate without a bound. */
function isPlausible({ cost, salt, tag }: Argon2Hash): boolean {
  const { memory, passes, parallelism } = cost;
  if (!(memory <= 1_048_576 && passes <= 32 && parallelism <= 16 && memory >= 8 * parallelism)) return false;
  return salt.length >= 8 && salt.length <= 64 && tag.length >= 16 && tag.length <= 64;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
