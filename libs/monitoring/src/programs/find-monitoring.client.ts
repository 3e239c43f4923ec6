import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPrograms, type Environment, type FoundProgram, type Log, type Program, type Unpacked } from '@granary/embedded';
import { TEMPLATES, templatesBeside } from './templates-beside';

export type MonitoringProgram = 'prometheus' | 'promtool' | 'prometheus-alertmanager';

const PROMETHEUS_PAGE = 'https://prometheus.io/download/';
const download = (what: string, variable: string) => `download ${what} from ${PROMETHEUS_PAGE} and set ${variable} to its path, or put it into PATH`;

const PROGRAMS: Readonly<Record<MonitoringProgram, Program<MonitoringProgram>>> = {
  // 3.5 is the release with long support that everything was tried with.
  prometheus: { name: 'prometheus', variable: 'GRANARY_PROMETHEUS', oldest: '3.5.0', otherWays: [download('prometheus', 'GRANARY_PROMETHEUS')] },
  promtool: { name: 'promtool', variable: 'GRANARY_PROMTOOL', oldest: '3.5.0', otherWays: [download('prometheus with promtool', 'GRANARY_PROMTOOL')] },
  'prometheus-alertmanager': {
    name: 'prometheus-alertmanager',
    // Only Debian calls it after Prometheus.
    aliases: ['alertmanager'],
    variable: 'GRANARY_ALERTMANAGER',
    oldest: '0.27.0',
    finish: takeTemplates,
    otherWays: [download('alertmanager', 'GRANARY_ALERTMANAGER')],
  },
};

export interface FindMonitoring<N extends MonitoringProgram> {
  readonly programs: readonly N[];
  readonly env: Environment;
  readonly log: Log;
  /** Aborts a fetch that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds Prometheus' programs: each the one named by GRANARY_PROMETHEUS, GRANARY_PROMTOOL or GRANARY_ALERTMANAGER, one in PATH, a copy fetched earlier,
 * or Debian's package (about 50 MB for all three, fetched once).
 * @throws Fault `<program>-missing` with the ways to get it, `<program>-unusable` when a named one cannot be used
 */
export async function findMonitoring<N extends MonitoringProgram>({ programs, ...where }: FindMonitoring<N>): Promise<Record<N, FoundProgram>> {
  return findPrograms({ programs: programs.map((name) => PROGRAMS[name]), folder: 'monitoring', ...where });
}

function takeTemplates({ root, program, target }: Unpacked): void {
  cpSync(join(root, TEMPLATES.debian), join(dirname(target), TEMPLATES.beside), { recursive: true });
  writeFileSync(program, templatesBeside(readFileSync(program)));
}
