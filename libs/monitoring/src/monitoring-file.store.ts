import { join } from 'node:path';
import { layoutOf, readJson, readPlatformFile } from '@granary/embedded';

/** How to reach Prometheus and Alertmanager beside a running platform: the content of `<data>/monitoring/monitoring.json`. */
export interface MonitoringFile {
  /** The process that started them and stops them. */
  readonly pid: number;
  readonly prometheus: { readonly url: string; readonly pid: number | null };
  readonly alertmanager: { readonly url: string; readonly pid: number | null };
}

export const monitoringFileOf = (dataDir: string): string => join(layoutOf(dataDir).monitoring, 'monitoring.json');

/** The monitoring that the platform of a data folder was started with, or null when none runs; a file left by a crash does not count. */
export function readMonitoringFile(dataDir: string): MonitoringFile | null {
  const platform = readPlatformFile(dataDir);
  const file = readJson(monitoringFileOf(dataDir)) as MonitoringFile | null;
  return file !== null && file.pid === platform?.pid ? file : null;
}
