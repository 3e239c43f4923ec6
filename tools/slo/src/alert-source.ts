import { yamlReader } from './checked';
import type { Severity } from './rule';

/** A file of deploy/alerts: alerts that belong together. */
export interface AlertFile {
  readonly group: string;
  readonly alerts: readonly AlertSource[];
}

export interface AlertSource {
  readonly alert: string;
  readonly severity: Severity;
  /** PromQL; thresholds that are ages are durations. */
  readonly when: string;
  readonly for?: string;
  readonly summary: string;
  /** Whose budget goes while it fires; its text then tells how long that lasts. */
  readonly objective?: string;
  /** What it means to those who use Granary. */
  readonly meaning: string;
  /** The figures of the moment, and which limit they are measured by; a template. */
  readonly now: string;
  readonly tests: readonly AlertTest[];
}

/** Series, and what the alert does about them. */
export interface AlertTest {
  /** Between two samples and two evaluations; a minute when left out. For what takes days, a minute takes too long. */
  readonly every?: string;
  readonly series: Readonly<Record<string, string>>;
  /** Here something is there, and not enough. */
  readonly quietAt: string;
  readonly firesAt: string;
  readonly resolvedAt: string;
  /** Beside the severity. */
  readonly labels?: Readonly<Record<string, string>>;
  /** `now`, as it reads while the alert fires. */
  readonly says: string;
}

const text = { type: 'string', minLength: 10, maxLength: 1_000 };
const duration = { type: 'string', format: 'duration' };

/** @throws Fault `invalid-rule-source` */
export const readAlerts: (content: string, file: string) => AlertFile = yamlReader<AlertFile>({
  type: 'object',
  additionalProperties: false,
  required: ['group', 'alerts'],
  properties: {
    group: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', description: 'small letters and dashes' },
    alerts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['alert', 'severity', 'when', 'summary', 'meaning', 'now', 'tests'],
        properties: {
          alert: { type: 'string', pattern: '^([A-Z][a-z0-9]+)+$', description: 'a name like OutboxOld' },
          severity: { enum: ['page', 'ticket'] },
          when: { type: 'string', minLength: 3 },
          for: duration,
          summary: text,
          objective: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', description: 'the name of an objective of deploy/slo' },
          meaning: { ...text, pattern: '^[^{}]*$', description: 'without braces: figures belong into now' },
          now: text,
          tests: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['series', 'quietAt', 'firesAt', 'resolvedAt', 'says'],
              properties: {
                every: duration,
                series: { type: 'object', minProperties: 1, additionalProperties: { type: 'string' } },
                quietAt: duration,
                firesAt: duration,
                resolvedAt: duration,
                labels: { type: 'object', additionalProperties: { type: 'string' } },
                says: { type: 'string', minLength: 3 },
              },
            },
          },
        },
      },
    },
  },
});
