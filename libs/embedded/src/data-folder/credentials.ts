import { Fault } from '@granary/faults';

/** Passwords by identity. `admin` of PostgreSQL is the embedded server's superuser. */
export interface Credentials {
  readonly version: 1;
  readonly nats: Readonly<Record<string, string>>;
  readonly postgres: Readonly<Record<string, string>>;
  /** Of foreign clients of the broker, as `<tenant>.<name>`. Like `auth` missing in the files of older versions, and ignored by them. */
  readonly publishers?: Readonly<Record<string, string>>;
  readonly auth?: FirstCredentials;
}

/** What auth is told at its first start, and keeps only hashes of. */
export interface FirstCredentials {
  readonly adminPassword: string;
  /** API keys of the local operator, in the first tenant and in the platform's own. */
  readonly key: string;
  readonly platformKey: string;
}

/** Where new secrets come from. */
export interface SecretMaker {
  password(): string;
  apiKey(): string;
}

/** The user of the system account, for monitoring; and the superuser of the embedded PostgreSQL. */
export const NATS_MONITOR = 'monitor';
export const POSTGRES_ADMIN = 'granary_admin';
/** The role that backups read with. */
export const BACKUP_READER = 'backup-reader';

/** The stored credentials, with auth's first ones. */
export type CompleteCredentials = Required<Credentials>;

/** Who needs a password. */
export interface IdentityNames {
  readonly nats: readonly string[];
  readonly postgres: readonly string[];
  readonly publishers?: readonly string[];
}

/**
 * The stored credentials plus a new password for every identity that has none yet, and keys for auth. Existing ones never change;
 * those of publishers who are listed no longer are forgotten, so that nobody comes back with an old one.
 */
export function completeCredentials(stored: Credentials | null, identities: IdentityNames, make: SecretMaker): CompleteCredentials {
  const complete = (known: Readonly<Record<string, string>>, names: readonly string[]) => ({
    ...known,
    ...Object.fromEntries(names.filter((name) => known[name] === undefined).map((name) => [name, make.password()])),
  });
  return {
    version: 1,
    nats: complete(stored?.nats ?? {}, identities.nats),
    postgres: complete(stored?.postgres ?? {}, identities.postgres),
    publishers: Object.fromEntries((identities.publishers ?? []).map((name) => [name, stored?.publishers?.[name] ?? make.password()])),
    auth: stored?.auth ?? { adminPassword: make.password(), key: make.apiKey(), platformKey: make.apiKey() },
  };
}

/** @throws Fault `unreadable-file` when the file holds something else */
export function parseCredentials(value: unknown, path: string): Credentials | null {
  if (value === null) return null;
  const { version, nats, postgres, publishers, auth } = value as Record<string, unknown>;
  if (version === 1 && isPasswords(nats) && isPasswords(postgres) && (publishers === undefined || isPasswords(publishers)) && (auth === undefined || isFirst(auth))) {
    return { version, nats, postgres, ...(publishers !== undefined && { publishers }), ...(auth !== undefined && { auth }) };
  }
  throw Fault.permanent('unreadable-file', `${path} does not hold credentials ({"version":1,"nats":{…},"postgres":{…}}); restore it from a backup`);
}

const isPasswords = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((password) => typeof password === 'string');

const isFirst = (value: unknown): value is FirstCredentials => isPasswords(value) && ['adminPassword', 'key', 'platformKey'].every((name) => name in value);
