import { Fault } from '@granary/faults';
import type { Environment } from './types';

/** Real servers named by the environment. A part that is null is started by us. */
export interface ExternalServers {
  readonly nats: { readonly url: string; readonly user: string | null; readonly password: string | null; readonly credentialsFile: string | null } | null;
  /** The URL of a user who may create roles and schemas. */
  readonly databaseUrl: string | null;
}

/**
 * Reads GRANARY_NATS_URL, GRANARY_NATS_CREDENTIALS and GRANARY_DATABASE_URL.
 * @throws Fault `bad-configuration` with all problems together
 */
export function externalServers(env: Environment): ExternalServers {
  const problems = [
    ...urlProblems('GRANARY_NATS_URL', env['GRANARY_NATS_URL'], ['nats:', 'tls:'], 'nats://host:4222'),
    ...urlProblems('GRANARY_DATABASE_URL', env['GRANARY_DATABASE_URL'], ['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/granary'),
  ];
  if (problems.length > 0) throw Fault.permanent('bad-configuration', problems.join('\n'));
  return { nats: externalNats(env), databaseUrl: env['GRANARY_DATABASE_URL'] || null };
}

function externalNats(env: Environment): ExternalServers['nats'] {
  if (!env['GRANARY_NATS_URL']) return null;
  const url = new URL(env['GRANARY_NATS_URL']);
  const [user, password] = [decodeURIComponent(url.username) || null, decodeURIComponent(url.password) || null];
  return { url: withUser(url.href, '', ''), user, password, credentialsFile: env['GRANARY_NATS_CREDENTIALS'] || null };
}

/** The same URL for another user. */
export function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

// The value is not repeated in the message: it may hold a password.
function urlProblems(name: string, value: string | undefined, protocols: string[], example: string): string[] {
  if (!value) return [];
  const right = URL.canParse(value) && protocols.includes(new URL(value).protocol);
  return right ? [] : [`${name} is not a URL that begins with ${protocols.join('// or ')}//; write it as ${example}`];
}
