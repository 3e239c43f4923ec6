import { join } from 'node:path';

/** The version of the data folder's layout. It grows when an older Granary could no longer read the folder. */
export const DATA_FORMAT = 1;

/** Where things lie in a data folder. */
export interface Layout {
  readonly root: string;
  readonly lock: string;
  readonly format: string;
  readonly credentials: string;
  readonly processes: string;
  readonly platform: string;
  /** The list of foreign publishers; missing as long as nobody has changed it. */
  readonly publishers: string;
  readonly nats: string;
  readonly postgres: string;
  readonly backups: string;
  /** What Prometheus and Alertmanager keep, where they run beside the platform. */
  readonly monitoring: string;
  logOf(name: string): string;
  filesOf(service: string): string;
}

/** @param root an absolute path */
export function layoutOf(root: string): Layout {
  return {
    root,
    lock: join(root, 'lock.json'),
    format: join(root, 'format.json'),
    credentials: join(root, 'credentials.json'),
    processes: join(root, 'processes.json'),
    platform: join(root, 'platform.json'),
    publishers: join(root, 'publishers.json'),
    nats: join(root, 'nats'),
    postgres: join(root, 'postgres'),
    backups: join(root, 'backups'),
    monitoring: join(root, 'monitoring'),
    logOf: (name) => join(root, 'logs', `${name}.log`),
    filesOf: (service) => join(root, 'services', service),
  };
}
