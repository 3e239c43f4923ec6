import { join } from 'node:path';
import { readRules, scaleDurations, startMonitoring } from '@granary/monitoring';
import { createLogger } from '@granary/observability';
import type { DrillResult } from '../src/figures.ts';
import { runDrill } from './drill.ts';
import type { Drill } from './drill.ts';
import { startPlatformOfDrills, worldOf } from './world.ts';

export interface DrillSettings {
  /** The folder of this repository. */
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  drills: readonly Drill[];
  /** By how much durations of rules are divided; null leaves it to the drills. */
  timeScale: number | null;
  signal: AbortSignal;
  say(line: string): void;
  detail(output: string): void;
  onResult?(result: DrillResult): void;
}

const TIME_SCALE = 60;
const SETTLED_MS = 60_000;

/** Does drills one after the other, those with the same settings and the same pace on one platform. Stops everything that it started. */
export async function runDrills(settings: DrillSettings): Promise<DrillResult[]> {
  const results: DrillResult[] = [];
  const scaleOf = (drill: Drill): number => settings.timeScale ?? drill.timeScale ?? TIME_SCALE;
  // What is there from the start first, whose time is that since the start.
  const ordered = settings.drills.toSorted((one, other) => Number(other.isThere ?? false) - Number(one.isThere ?? false));
  for (const group of Map.groupBy(ordered, (drill) => JSON.stringify([drill.settings ?? {}, scaleOf(drill)])).values()) {
    if (settings.signal.aborted) break;
    results.push(...(await runGroup(group, { ...settings, timeScale: group[0] ? scaleOf(group[0]) : TIME_SCALE })));
  }
  return results;
}

async function runGroup(group: readonly Drill[], settings: DrillSettings & { timeScale: number }): Promise<DrillResult[]> {
  const { root, env, say, signal, timeScale } = settings;
  say(`Starting a platform for ${group.map(({ name }) => name).join(', ')} …`);
  const platform = await startPlatformOfDrills({ root, env, settings: group[0]?.settings ?? {} });
  try {
    const monitoring = await watch(platform.data, settings);
    const results: DrillResult[] = [];
    try {
      // What happens before everything was looked at once, nobody sees happen.
      await monitoring.settled(SETTLED_MS);
      const world = worldOf({ root, data: platform.data, env, repository: platform.repository, timeScale, say, detail: settings.detail, alerts: async () => (await monitoring.alerts()).filter(({ state }) => state === 'firing').map(({ name }) => name) });
      for (const drill of group) {
        if (signal.aborted) break;
        const result = await runDrill(drill, world);
        results.push(result);
        settings.onResult?.(result);
      }
      return results;
    } finally {
      await monitoring.stop();
    }
  } finally {
    await platform.stop();
  }
}

/** Prometheus with the rules of `deploy/`, in which hours are minutes. */
function watch(dataDir: string, { root, env, timeScale }: DrillSettings & { timeScale: number }) {
  const rules = readRules(join(root, 'deploy', 'prometheus', 'rules')).map(({ name, yaml }) => ({ name, yaml: scaleDurations(yaml, timeScale, { leastSeconds: 5 }) }));
  return startMonitoring({ dataDir, env, rules, scrapeMs: 2_000, groupMs: 100, log: createLogger({ service: 'drill', level: 'warn', destination: { write: () => undefined } }) });
}
