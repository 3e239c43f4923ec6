/** An alert as Alertmanager knows it. */
export interface Alert {
  readonly name: string;
  readonly state: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Since when it fires, RFC 3339. */
  readonly startsAt: string;
  /** When it was over, RFC 3339; null while it fires. */
  readonly endsAt: string | null;
  /** The same for all alerts with these labels. */
  readonly fingerprint: string;
}

interface Told {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
}

/** The alerts in one message of a webhook (version 4 of its format). */
export function alertsOfMessage(body: unknown): Alert[] {
  const { alerts } = body as { alerts: readonly (Told & { status: Alert['state'] })[] };
  return alerts.map((alert) => toAlert(alert, alert.status));
}

/** The alerts in an answer of `GET /api/v2/alerts`, which lists only those that fire. */
export function firingAlerts(body: unknown): Alert[] {
  return (body as readonly Told[]).map((alert) => toAlert(alert, 'firing'));
}

// Alertmanager names an end for alerts that go on, too: when it will take them for over if it hears no more of them.
const toAlert = ({ labels, annotations, startsAt, endsAt, fingerprint }: Told, state: Alert['state']): Alert => ({
  name: labels['alertname'] ?? '',
  state,
  labels,
  annotations,
  startsAt,
  endsAt: state === 'resolved' ? endsAt : null,
  fingerprint,
});
