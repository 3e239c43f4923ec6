import { stringify } from 'yaml';

export interface AlertmanagerConfig {
  /** Where alerts are told: an address on this machine. */
  readonly webhook: string;
  /** How long alerts wait for others of their group, at the beginning and between two messages. */
  readonly groupMs: number;
  /** After how long an alert that goes on is told again. */
  readonly repeatMs: number;
}

/** The configuration file of Alertmanager: everything goes to one receiver, also that it is over. */
export function renderAlertmanagerConfig({ webhook, groupMs, repeatMs }: AlertmanagerConfig): string {
  return stringify({
    route: { receiver: 'granary', group_by: ['alertname'], group_wait: `${groupMs}ms`, group_interval: `${groupMs}ms`, repeat_interval: `${repeatMs}ms` },
    receivers: [{ name: 'granary', webhook_configs: [{ url: webhook, send_resolved: true }] }],
  });
}
