import type { FirstCredentials } from '../data-folder/credentials';
import type { Environment } from '../types';

export interface ServiceAddress {
  readonly name: string;
  readonly port: number;
  readonly nats: { readonly url: string; readonly user: string; readonly password: string };
  readonly databaseUrl: string;
  /** The service's own files. */
  readonly folder: string;
  readonly compileCache: string;
  /** For cache-janitor alone: what backups read with, where they lie, and the nats-server in which they are verified. */
  readonly backup: { readonly databaseUrl: string | null; readonly folder: string; readonly natsServer: string | null };
  /** For auth alone. */
  readonly first: FirstCredentials;
}

// What points the starter to servers must not reach a service beside its own account, nor what is for auth another one.
const OURS = ['GRANARY_NATS_SERVER', 'GRANARY_NATS_CREDENTIALS', 'GRANARY_AUTH_FIRST_ADMIN_PASSWORD', 'GRANARY_AUTH_FIRST_KEY', 'GRANARY_AUTH_FIRST_PLATFORM_KEY', 'GRANARY_BACKUP_DATABASE_URL'];

/** The environment of one service: that of the starter, with the service's own account and addresses. */
export function serviceEnvironment(base: Environment, { name, port, nats, databaseUrl, folder, compileCache, backup, first }: ServiceAddress): Record<string, string> {
  const inherited = Object.entries(base).filter((entry): entry is [string, string] => entry[1] !== undefined && !OURS.includes(entry[0]));
  return {
    ...Object.fromEntries(inherited),
    NODE_COMPILE_CACHE: base['NODE_COMPILE_CACHE'] || compileCache,
    GRANARY_NATS_URL: nats.url,
    GRANARY_NATS_USER: nats.user,
    GRANARY_NATS_PASSWORD: nats.password,
    GRANARY_DATABASE_URL: databaseUrl,
    GRANARY_HTTP_HOST: '127.0.0.1',
    GRANARY_HTTP_PORT: String(port),
    GRANARY_LOG_LEVEL: base['GRANARY_LOG_LEVEL'] || 'info',
    GRANARY_TENANT: base['GRANARY_TENANT'] || 'default',
    GRANARY_DATA: folder,
    ...(name === 'auth' ? firstStart(base, first) : {}),
    ...(name === 'cache-janitor' ? backups(base, backup) : {}),
  };
}

/** The administrator that auth makes of this. */
export function administratorOf(base: Environment, { adminPassword }: Pick<FirstCredentials, 'adminPassword'>): { tenant: string; name: string; password: string } {
  return { tenant: firstTenant(base), name: base['GRANARY_AUTH_FIRST_ADMIN'] || 'admin', password: adminPassword };
}

function firstTenant(base: Environment): string {
  return base['GRANARY_AUTH_FIRST_TENANT'] || base['GRANARY_TENANT'] || 'default';
}

function firstStart(base: Environment, { adminPassword, key, platformKey }: FirstCredentials): Record<string, string> {
  return {
    GRANARY_AUTH_FIRST_TENANT: firstTenant(base),
    GRANARY_AUTH_FIRST_ADMIN_PASSWORD: adminPassword,
    GRANARY_AUTH_FIRST_KEY: key,
    GRANARY_AUTH_FIRST_PLATFORM_KEY: platformKey,
  };
}

function backups(base: Environment, { databaseUrl, folder, natsServer }: ServiceAddress['backup']): Record<string, string> {
  const url = base['GRANARY_BACKUP_DATABASE_URL'] || databaseUrl;
  const program = base['GRANARY_NATS_SERVER'] || natsServer;
  return {
    GRANARY_BACKUP_FOLDER: base['GRANARY_BACKUP_FOLDER'] || folder,
    ...(url ? { GRANARY_BACKUP_DATABASE_URL: url } : {}),
    ...(program ? { GRANARY_NATS_SERVER: program } : {}),
  };
}
