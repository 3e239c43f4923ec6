import { stringify } from 'yaml';

export interface PrometheusConfig {
  /** Between two scrapes of a service, and between two evaluations of a rule. */
  readonly scrapeMs: number;
  /** Absolute path of the file that lists what to scrape; Prometheus follows its changes. */
  readonly targetsFile: string;
  /** Absolute paths. */
  readonly ruleFiles: readonly string[];
  /** `host:port` */
  readonly alertmanager: string;
}

/**
 * The configuration file of Prometheus.
 * A service tells its own name in the label `service` of each of its metrics; the target has the same label, for `up` and the others that Prometheus adds.
 */
export function renderPrometheusConfig({ scrapeMs, targetsFile, ruleFiles, alertmanager }: PrometheusConfig): string {
  const every = `${scrapeMs}ms`;
  return stringify({
    global: { scrape_interval: every, scrape_timeout: `${Math.min(scrapeMs, 10_000)}ms`, evaluation_interval: every },
    rule_files: ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    // Prometheus is told of changes by the file system; the interval is for when that fails.
    scrape_configs: [{ job_name: 'granary', honor_labels: true, file_sd_configs: [{ files: [targetsFile], refresh_interval: '30s' }] }],
  });
}

/** Services by name, with their addresses (`http://127.0.0.1:4680`). */
export type Targets = Readonly<Record<string, string>>;

/**
 * The content of the file with what to scrape. `instance` is the name of the service: there is one of each, and it stays the same
 * when a service comes back on another port.
 */
export function renderTargets(targets: Targets): string {
  const entries = Object.entries(targets).filter(([, url]) => url !== '');
  return JSON.stringify(
    entries.map(([service, url]) => ({ targets: [new URL(url).host], labels: { service, instance: service } })),
    null,
    2,
  );
}
