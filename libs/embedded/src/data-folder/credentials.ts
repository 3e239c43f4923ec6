import { Fault } from '@granary/faults';

/** Passwords by identity. `admin` of PostgreSQL is the embedded server's superuser. */
export interface Credentials {
  readonly version: 1;
  readonly nats: Readonly<Record<string, string>>;
  readonly postgres: Readonly<Record<string, string>>;
}

/** The user of the system account, for monitoring; and the superuser of the embedded PostgreSQL. */
export const NATS_MONITOR = 'monitor';
export const POSTGRES_ADMIN = 'granary_admin';

/** The stored credentials plus a new password for every identity that has none yet. Existing ones never change. */
export function completeCredentials(stored: Credentials | null, identities: { nats: readonly string[]; postgres: readonly string[] }, newPassword: () => string): Credentials {
  const complete = (known: Readonly<Record<string, string>>, names: readonly string[]) => ({
    ...known,
    ...Object.fromEntries(names.filter((name) => known[name] === undefined).map((name) => [name, newPassword()])),
  });
  return { version: 1, nats: complete(stored?.nats ?? {}, identities.nats), postgres: complete(stored?.postgres ?? {}, identities.postgres) };
}

/** @throws Fault `unreadable-file` when the file holds something else */
export function parseCredentials(value: unknown, path: string): Credentials | null {
  if (value === null) return null;
  const { version, nats, postgres } = value as Record<string, unknown>;
  if (version === 1 && isPasswords(nats) && isPasswords(postgres)) return { version, nats, postgres };
  throw Fault.permanent('unreadable-file', `${path} does not hold credentials ({"version":1,"nats":{…},"postgres":{…}}); restore it from a backup`);
}

const isPasswords = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((password) => typeof password === 'string');
