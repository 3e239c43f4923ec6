import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { accessDocuments, STREAM } from '@granary/contracts';
import type { Host, Wired } from '@granary/service-host';
import { v7 } from 'uuid';
import packageJson from '../../package.json';
import type { CacheJanitorConfig } from '../config';
import { backupRpcs } from './backups.handler';
import { backupsTask } from './backups.worker';
import { judgeBackups } from './health';
import { backupMeters } from './metrics';
import { verifiedAge } from './schedule';

type Parts = Required<Pick<Wired, 'rpcs' | 'tasks' | 'checks'>>;

/** Everything about backups; without a role to read with they are off, and who asks for them is told so. */
export function wireBackups({ name, config, database, broker, metrics, log, now }: Host<CacheJanitorConfig>): Parts {
  const root = resolve(config.backupFolder ?? join(config.dataDir, 'backups'));
  const common = { database, now, newId: v7 };
  const url = config.backupDatabaseUrl;
  if (url === undefined) {
    log.warn('no backups are made: GRANARY_BACKUP_DATABASE_URL is not set');
    return { rpcs: backupRpcs({ ...common, root: null }), tasks: [], checks: [] };
  }
  const { backupEveryMs: everyMs, backupFirstMs: firstMs, backupRetryMs: retryMs } = config;
  // Asked when somebody scrapes, by when the task is there.
  const verified = () => verifiedAge({ now: now(), verified: task.backups().flatMap(({ verification }) => (verification === null ? [] : [new Date(verification.verifiedAt)])) });
  const meters = backupMeters(metrics, { verifiedAge: verified, count: () => task.backups().length, bytes: () => task.backups().reduce((sum, { manifest }) => sum + manifest.bytes, 0) });
  const task = backupsTask({
    ...common,
    log,
    owner: `${hostname()}-${process.pid}-${randomUUID()}`,
    create: { root, databaseUrl: url, schemas: schemas(), broker, streams: (accessDocuments[name]?.backsUp ?? []).filter((stream) => stream !== STREAM), granary: packageJson.version },
    verify: { scratch: join(resolve(config.dataDir), 'scratch'), env: { GRANARY_NATS_SERVER: config.natsServer, PATH: config.path, HOME: config.home, XDG_CACHE_HOME: config.cacheHome } },
    schedule: { everyMs, firstMs, retryMs },
    retention: { daily: config.backupDaily, weekly: config.backupWeekly, monthly: config.backupMonthly },
    meters,
    lookMs: 1_000,
    leaseTtlMs: 15_000,
  });
  return {
    rpcs: backupRpcs({ ...common, root }),
    tasks: [task],
    checks: [{ name: 'backups', critical: false, check: async () => judgeBackups({ verifiedAge: verified(), last: task.lastFailure(), everyMs }) }],
  };
}

/** The schemas of all identities that have one. */
const schemas = () => Object.keys(accessDocuments).map((identity) => identity.replaceAll('-', '_'));
